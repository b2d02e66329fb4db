/** Where anybody gets an address: such a domain says nothing about who belongs together, so no organization owns one. */
const consumerDomains: ReadonlySet<string> = new Set(
  `
  gmail.com googlemail.com
  outlook.com hotmail.com live.com msn.com passport.com windowslive.com outlook.de outlook.fr outlook.es outlook.it
  outlook.jp outlook.com.br hotmail.co.uk hotmail.fr hotmail.de hotmail.es hotmail.it hotmail.com.br hotmail.nl hotmail.be
  live.co.uk live.fr live.de live.it live.nl live.be live.ca live.com.au live.com.mx live.se live.dk live.no
  yahoo.com ymail.com rocketmail.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.co.id yahoo.co.kr yahoo.com.ar yahoo.com.au
  yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.vn
  yahoo.ca yahoo.de yahoo.dk yahoo.es yahoo.fr yahoo.gr yahoo.ie yahoo.in yahoo.it yahoo.no yahoo.pl yahoo.ro yahoo.se
  aol.com aim.com aol.co.uk aol.de aol.fr verizon.net
  icloud.com me.com mac.com privaterelay.appleid.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me
  hey.com fastmail.com fastmail.fm mailbox.org posteo.de posteo.net runbox.com hushmail.com zoho.com zohomail.com zohomail.eu
  startmail.com mailfence.com disroot.org riseup.net duck.com relay.firefox.com mozmail.com simplelogin.com anonaddy.com
  gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.fr gmx.us web.de email.de freenet.de t-online.de arcor.de 1und1.de mail.de
  mail.com email.com usa.com myself.com consultant.com post.com europe.com asia.com iname.com writeme.com dr.com
  yandex.com yandex.ru yandex.by yandex.kz yandex.ua ya.ru mail.ru inbox.ru list.ru bk.ru internet.ru rambler.ru
  ukr.net i.ua meta.ua abv.bg mail.bg seznam.cz email.cz centrum.cz post.cz azet.sk zoznam.sk
  wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu poczta.fm op.pl gazeta.pl tlen.pl freemail.hu citromail.hu
  libero.it virgilio.it tiscali.it alice.it tin.it inwind.it iol.it email.it
  orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr bbox.fr numericable.fr
  skynet.be telenet.be ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl bluewin.ch hispeed.ch sunrise.ch
  btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk
  comcast.net xfinity.com att.net sbcglobal.net bellsouth.net cox.net charter.net spectrum.net earthlink.net juno.com
  netzero.net optonline.net frontier.com windstream.net centurylink.net rogers.com shaw.ca sympatico.ca bell.net telus.net
  videotron.ca bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz
  uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com oi.com.br terra.es prodigy.net.mx
  qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn sina.com sina.cn sohu.com 21cn.com aliyun.com tom.com
  naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp nifty.com
  rediffmail.com indiatimes.com sify.com
  walla.com walla.co.il bezeqint.net netvision.net.il mynet.com
  lycos.com excite.com inbox.com rocketmail.co.uk opayq.com cock.li
  mailinator.com guerrillamail.com sharklasers.com 10minutemail.com temp-mail.org yopmail.com dispostable.com trashmail.com
  getnada.com maildrop.cc mintemail.com throwawaymail.com fakeinbox.com tempmail.com mohmal.com emailondeck.com
  `
    .trim()
    .split(/\s+/),
);

/** @param domain - lower-case A-labels. A provider's sub-domains are as much anybody's. */
export function isConsumerDomain(domain: string): boolean {
  const labels = domain.split('.');
  return labels.some((_, index) => consumerDomains.has(labels.slice(index).join('.')));
}
