/**
 * What we use of `@xmldom/xmldom`. Its own declarations bring those of browsers along, whose `Request`, `Response` and keys
 * are not the ones of Node; `paths` in tsconfig.json puts this file in their place.
 */
export interface XmlNode {
  readonly nodeType: number;
  readonly ELEMENT_NODE: 1;
  readonly TEXT_NODE: 3;
  readonly parentNode: XmlNode | null;
  readonly childNodes: ArrayLike<XmlNode>;
  readonly textContent: string | null;
}

export interface XmlElement extends XmlNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
  /** Empty when it is absent. */
  getAttribute(name: string): string;
  getElementsByTagName(name: string): ArrayLike<XmlElement>;
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<XmlElement>;
}

export interface XmlDocument extends XmlNode {
  readonly documentElement: XmlElement | null;
}

export class DOMParser {
  constructor(options?: { locator?: object; errorHandler?: (level: string, message: unknown) => void });
  parseFromString(xml: string, type: string): XmlDocument;
}
