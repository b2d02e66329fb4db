import { DOMParser, type XmlDocument, type XmlElement, type XmlNode } from '@xmldom/xmldom';

/** What somebody sent is no XML that we read, or not what it should say. */
export class SamlRefused extends Error {}

/** More than any identity provider needs, and little enough that reading it holds nobody up. */
const maxDepth = 64;
const maxTags = 10_000;

/** A tag; quoted values may hold `>`. Nothing in it matches in two ways, so a long one takes no longer to refuse. */
const tag = /<(\/?)(?:[^"'<>]|"[^"<]*"|'[^'<]*')*>/g;

/**
 * Reads XML, with nothing in it that could make two readers see two things: no DOCTYPE and so no entities, no processing
 * instructions, no CDATA, and no comments unless they are asked for, which in a name would hide half of it.
 *
 * @param text - already bounded in size by whoever received it
 * @param options.hasComments - metadata has some; a message has none
 * @throws {SamlRefused}
 */
export function parseXml(text: string, { hasComments = false }: { hasComments?: boolean } = {}): XmlElement {
  const body = text.replace(/^\uFEFF/, '').replace(/^<\?xml\s[^?<>]*\?>/, '');
  if ((hasComments ? /<!(?!--)/ : /<!/).test(body)) throw new SamlRefused('It has a DOCTYPE, CDATA or a comment.');
  if (body.includes('<?')) throw new SamlRefused('It has a processing instruction.');
  assertShallow(hasComments ? body.replace(/<!--[\s\S]*?-->/g, '') : body);
  let document: XmlDocument;
  try {
    document = new DOMParser({ locator: {}, errorHandler: fail }).parseFromString(body, 'text/xml');
  } catch (error) {
    throw new SamlRefused('It is not well-formed XML.', { cause: error });
  }
  if (!document?.documentElement) throw new SamlRefused('It is empty.');
  return document.documentElement;
}

/** The parser goes on after what it takes for small mistakes; a reader of signatures must not. */
const fail = (_level: string, message: unknown): never => {
  throw new Error(String(message));
};

/** Before the parser sees it: its work grows with both. */
function assertShallow(text: string): void {
  let depth = 0;
  let tags = 0;
  for (const [whole, closing] of text.matchAll(tag)) {
    tags += 1;
    if (closing === '/') depth -= 1;
    else if (!whole.endsWith('/>')) depth += 1;
    if (depth > maxDepth) throw new SamlRefused(`It is nested more than ${maxDepth} deep.`);
    if (tags > maxTags) throw new SamlRefused(`It has more than ${maxTags} tags.`);
  }
  if (tags !== text.split('<').length - 1) throw new SamlRefused('A tag has no end.');
}

export const namespaces = {
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
} as const;

type Namespace = keyof typeof namespaces;

/** Its elements, without the space between them. */
export const elementsIn = (parent: XmlElement): XmlElement[] =>
  Array.from(parent.childNodes).filter((node: XmlNode): node is XmlElement => node.nodeType === node.ELEMENT_NODE);

export const isElement = (element: XmlElement, namespace: Namespace, name: string): boolean =>
  element.namespaceURI === namespaces[namespace] && element.localName === name;

export const childrenOf = (parent: XmlElement, namespace: Namespace, name: string): XmlElement[] =>
  elementsIn(parent).filter((element) => isElement(element, namespace, name));

/** The only one of its name. @throws {SamlRefused} when there is none or are several */
export function childOf(parent: XmlElement, namespace: Namespace, name: string): XmlElement {
  const [child, ...more] = childrenOf(parent, namespace, name);
  if (!child || more.length > 0) throw new SamlRefused(`${parent.localName} has not exactly one ${name}.`);
  return child;
}

/** Wherever it is below. */
export const everyIn = (parent: XmlElement, namespace: Namespace, name: string): XmlElement[] =>
  Array.from(parent.getElementsByTagNameNS(namespaces[namespace], name));

/** Null when it is absent or empty. */
export const attributeOf = (element: XmlElement, name: string): string | null => element.getAttribute(name) || null;

/** A value: text and nothing else. @throws {SamlRefused} when there is markup in it */
export function textOf(element: XmlElement): string {
  if (Array.from(element.childNodes).some((node) => node.nodeType !== node.TEXT_NODE)) {
    throw new SamlRefused(`There is markup in the value of ${element.localName}.`);
  }
  return (element.textContent ?? '').trim();
}
