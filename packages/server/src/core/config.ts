/** What a server is told when it starts. */
export interface Config {
  /** `dev` adds mailbox, clock and reset; it changes nothing else about how requests are answered. */
  readonly mode: 'dev' | 'serve';
  /**
   * Where browsers and SDKs reach us, without a trailing slash. Links and cookies use it, never `Host`. While a request is
   * answered that came by an environment's own domain, it is that domain's.
   */
  readonly publicUrl: string;
  /** The same, whichever domain a request came by: where the dashboard, the documents and the mailbox are. */
  readonly serverUrl: string;
  /** Where a browser on this machine reaches us whatever stands in front, likewise. Only pages for the developer use it. */
  readonly localUrl: string;
  readonly version: string;
  /** Proxies in front of us whose `X-Forwarded-For` entry counts; 0: the peer's address is the client's. */
  readonly trustedProxies: number;
  /** The built dashboard (`index.html` and assets), or null to leave it out. */
  readonly dashboardDir: string | null;
  /** The documents (`README.md` and what it lists), or null to leave them out. */
  readonly docsDir: string | null;
  /** Networks in CIDR notation, not of the internet, that hosts typed by operators may lead to. */
  readonly outboundNetworks: readonly string[];
  /** Multiplies request limits in staging environments; tries per code and failures per user stay. */
  readonly stagingLimitFactor: number;
  /** Answers are checked against their route's schema, and errors against its list. On in tests. */
  readonly strictAnswers: boolean;
}

/** Whether only browsers on this machine can mean us by that address. */
export const isLoopbackUrl = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

/** Where the pages are that only the developer at this machine may see. */
export const developerUrl = ({ publicUrl, localUrl }: Pick<Config, 'publicUrl' | 'localUrl'>): string =>
  isLoopbackUrl(publicUrl) ? publicUrl : localUrl;

export const isHttps = (config: Pick<Config, 'publicUrl'>): boolean => config.publicUrl.startsWith('https:');
