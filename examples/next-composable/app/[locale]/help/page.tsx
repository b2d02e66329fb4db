import { notFound } from 'next/navigation';
import { locales } from '../../../locale';

const texts: Record<string, { title: string; text: string }> = {
  en: { title: 'Help', text: 'Everybody can read this page, in their own language.' },
  de: { title: 'Hilfe', text: 'Diese Seite kann jeder lesen, in seiner eigenen Sprache.' },
};

export default async function Help({ params }: { params: Promise<{ locale: string }> }) {
  const { locale } = await params;
  if (!locales.includes(locale)) notFound();
  return (
    <div lang={locale}>
      <h1>{texts[locale].title}</h1>
      <p>{texts[locale].text}</p>
    </div>
  );
}
