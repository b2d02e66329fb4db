/** A cookie to set. Names get `__Host-` and `Secure` where the public URL is https. */
export interface CookieToSet {
  readonly name: string;
  /** Empty deletes it. */
  readonly value: string;
  /** Gone with the browser when absent. */
  readonly maxAgeSeconds?: number;
  readonly sameSite?: 'lax' | 'strict' | 'none';
  /** Readable by scripts; only for the marker that SDKs look for. */
  readonly scriptReadable?: boolean;
  /** The name as it is, without `__Host-`: names that SDKs fix. */
  readonly exactName?: boolean;
  /** Sibling hosts see it too. Only with `exactName`, as the prefix forbids it. */
  readonly domain?: string;
}

interface Extras {
  readonly status?: number;
  readonly cookies?: readonly CookieToSet[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is more than a JSON body. */
export class Reply {
  readonly status: number;
  readonly cookies: readonly CookieToSet[];
  readonly headers: Readonly<Record<string, string>>;
  readonly content:
    | { readonly kind: 'empty' }
    | { readonly kind: 'json'; readonly body: unknown }
    | { readonly kind: 'text'; readonly body: string; readonly type: string }
    | { readonly kind: 'bytes'; readonly body: Uint8Array; readonly type: string }
    | { readonly kind: 'page'; readonly render: (nonce: string) => string; readonly formTargets: readonly string[] };

  constructor(content: Reply['content'], status: number, { cookies = [], headers = {} }: Extras = {}) {
    this.content = content;
    this.status = status;
    this.cookies = cookies;
    this.headers = headers;
  }
}

/** The same answer with more cookies. */
export const withCookies = ({ content, status, cookies, headers }: Reply, more: readonly CookieToSet[]): Reply =>
  new Reply(content, status, { headers, cookies: [...cookies, ...more] });

export const reply = {
  /** 303 after a form was posted, so that the browser goes on with GET (RFC 9110 section 15.4.4); 302 elsewhere. */
  redirect(location: string, extras: Extras = {}): Reply {
    return new Reply({ kind: 'empty' }, extras.status ?? 302, { ...extras, headers: { ...extras.headers, location } });
  },

  /** No body and so no content type: SDKs parse whatever claims to be JSON. */
  empty(extras: Extras = {}): Reply {
    return new Reply({ kind: 'empty' }, extras.status ?? 200, extras);
  },

  json(body: unknown, extras: Extras = {}): Reply {
    return new Reply({ kind: 'json', body }, extras.status ?? 200, extras);
  },

  text(body: string, type: string, extras: Extras = {}): Reply {
    return new Reply({ kind: 'text', body, type }, extras.status ?? 200, extras);
  },

  /**
   * A page for people.
   *
   * @param render - given the nonce that its style and script must carry
   * @param formTargets - origins a form on this page may lead to besides ours. Browsers hold `form-action` against
   *   redirects too, so a form that ends at the app needs the app's origin here
   */
  page(render: (nonce: string) => string, extras: Extras & { readonly formTargets?: readonly string[] } = {}): Reply {
    return new Reply({ kind: 'page', render, formTargets: extras.formTargets ?? [] }, extras.status ?? 200, extras);
  },
};
