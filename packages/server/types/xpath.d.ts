/** In place of the declarations of `xpath`, which libraries of ours use and we do not: they bring those of browsers along. */
export type XPathSelect = (expression: string, node: unknown) => unknown;
