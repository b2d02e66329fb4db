import assert from 'node:assert/strict';
import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { hash as argon2 } from '@node-rs/argon2';
import { InvalidPasswordHash } from './errors.ts';
import { importedHashes, importedPassword } from './fixtures/imported-hashes.ts';
import { type HashType, parseHash, type SaltPosition } from './imported-hash.ts';
import { hashPassword, isWeakerThanOurs, matchesHash } from './password-hash.ts';

const password = 'correct horse battery';
const salt = Buffer.from('0123456789abcdef');
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
const passlib = (bytes: Buffer): string => unpadded(bytes).replaceAll('+', '.');

/** From the README of github.com/firebase/scrypt. */
const firebase = {
  password: 'user1password',
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  salt: '42xEC+ixf3L2lw==',
  hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
};

const scrypt = scryptSync(password, salt, 64, { N: 16384, r: 8, p: 1 });
const pbkdf2 = (digest: string, from: Buffer | string = salt): Buffer => pbkdf2Sync(password, from, 1000, 32, digest);
const sha = (digest: string, ...parts: (string | Buffer)[]): Buffer =>
  createHash(digest)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

/** In the spellings of various exporters; the bytes themselves are compared with other people's in `importedHashes`. */
const foreign: readonly { what: string; type: HashType; hash: string; position?: SaltPosition; password?: string }[] = [
  // From the test vectors of Openwall's crypt_blowfish.
  {
    what: 'bcrypt $2a$',
    type: 'bcrypt',
    hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    password: 'U*U',
  },
  {
    what: 'bcrypt $2y$',
    type: 'bcrypt',
    hash: '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    password: 'U*U',
  },
  { what: 'scrypt, ln', type: 'scrypt', hash: `$scrypt$ln=14,r=8,p=1$${unpadded(salt)}$${unpadded(scrypt)}` },
  {
    what: 'scrypt, n and kl',
    type: 'scrypt',
    hash: `$scrypt$v=1$n=16384,r=8,p=1,kl=64$${salt.toString('base64')}$${scrypt.toString('base64')}`,
  },
  {
    what: 'Firebase, everything named',
    type: 'firebase-scrypt',
    hash: `$firebase-scrypt$hash=${firebase.hash}$salt=${firebase.salt}$sk=${firebase.signerKey}$ss=Bw==$r=8$m=14`,
    password: firebase.password,
  },
  {
    what: 'Firebase, as a PHC string',
    type: 'firebase-scrypt',
    hash: `$firebase-scrypt$r=8,m=14,ss=Bw==,sk=${firebase.signerKey}$${firebase.salt}$${firebase.hash}`,
    password: firebase.password,
  },
  {
    what: 'PBKDF2, PHC',
    type: 'pbkdf2',
    hash: `$pbkdf2-sha512$i=1000,l=32$${unpadded(salt)}$${unpadded(pbkdf2('sha512'))}`,
  },
  {
    what: 'PBKDF2, digest as a parameter',
    type: 'pbkdf2',
    hash: `$pbkdf2$i=1000,d=sha256$${unpadded(salt)}$${unpadded(pbkdf2('sha256'))}`,
  },
  {
    what: 'PBKDF2, passlib',
    type: 'pbkdf2',
    hash: `$pbkdf2-sha256$1000$${passlib(salt)}$${passlib(pbkdf2('sha256'))}`,
  },
  {
    what: 'PBKDF2, passlib with SHA-1',
    type: 'pbkdf2',
    hash: `$pbkdf2$1000$${passlib(salt)}$${passlib(pbkdf2('sha1'))}`,
  },
  {
    what: 'PBKDF2, Django',
    type: 'pbkdf2',
    hash: `pbkdf2_sha256$1000$seasalt$${pbkdf2('sha256', 'seasalt').toString('base64')}`,
  },
  {
    what: 'SSHA',
    type: 'ssha',
    hash: `{SSHA}${Buffer.concat([sha('sha1', password, salt), salt]).toString('base64')}`,
  },
  {
    what: 'SSHA-256',
    type: 'ssha256',
    hash: `{SSHA256}${Buffer.concat([sha('sha256', password, salt), salt]).toString('base64')}`,
  },
  {
    what: 'SSHA-256, salt first',
    type: 'ssha256',
    hash: Buffer.concat([sha('sha256', salt, password), salt]).toString('base64'),
    position: 'prefix',
  },
];

describe('Password hashes of other systems', () => {
  for (const { what, type, hash, position = null, password: plain = password } of foreign) {
    it(`verifies ${what}`, async () => {
      const verify = parseHash(type, hash, position);
      assert.equal(await verify(plain), true);
      assert.equal(await verify(`${plain} `), false);
      assert.equal(isWeakerThanOurs({ hash, type, saltPosition: position }), true);
    });
  }

  for (const { what, type, hash, password: plain = importedPassword } of importedHashes) {
    it(`verifies what another program made: ${what}`, async () => {
      const verify = parseHash(type, hash, null);
      assert.deepEqual([await verify(plain), await verify(`${plain}!`)], [true, false]);
    });
  }

  it('verifies Argon2i, Argon2d and Argon2id of other costs', async () => {
    for (const algorithm of [0, 1, 2]) {
      const hash = await argon2(password, { algorithm, memoryCost: 8192, timeCost: 3, parallelism: 2 });
      const verify = parseHash('argon2', hash, null);
      assert.deepEqual([await verify(password), await verify('another')], [true, false]);
      assert.equal(isWeakerThanOurs({ hash, type: 'argon2', saltPosition: null }), true);
    }
  });

  const b64 = unpadded(scrypt);
  const refused: readonly [string, HashType, string, SaltPosition?][] = [
    ['an empty one', 'bcrypt', ''],
    ['a plain digest as bcrypt', 'bcrypt', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['bcrypt of cost 15', 'bcrypt', '$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['the broken bcrypt variant', 'bcrypt', '$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    [
      'Argon2 above 128 MiB',
      'argon2',
      '$argon2id$v=19$m=131073,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG+CdFWZuXgL4',
    ],
    [
      'Argon2 of 11 passes',
      'argon2',
      '$argon2id$v=19$m=4096,t=11,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG+CdFWZuXgL4',
    ],
    ['PBKDF2 of more than two million rounds', 'pbkdf2', `$pbkdf2-sha256$i=2000001$${b64}$${b64}`],
    ['PBKDF2 with a digest nobody should use', 'pbkdf2', `$pbkdf2-md5$i=1000$${b64}$${b64}`],
    ['scrypt above N = 2^17', 'scrypt', `$scrypt$ln=18,r=8,p=1$${b64}$${b64}`],
    ['scrypt with an N that is no power of two', 'scrypt', `$scrypt$n=1000,r=8,p=1$${b64}$${b64}`],
    ['scrypt that asks for all memory', 'scrypt', `$scrypt$ln=14,r=100000,p=1$${b64}$${b64}`],
    ['scrypt in parallel without end', 'scrypt', `$scrypt$ln=14,r=8,p=100000$${b64}$${b64}`],
    ['Firebase without its signer key', 'firebase-scrypt', `$firebase-scrypt$r=8,m=14,ss=Bw==$${b64}$${b64}`],
    ['a digest too short to be one', 'ssha', '{SSHA}c2hvcnQ='],
    ['a hash of nothing', 'scrypt', `$scrypt$ln=14,r=8,p=1$${b64}$`],
    ['a salt position where there is no choice', 'ssha', '{SSHA}c2hvcnQ=', 'prefix'],
  ];
  for (const [what, type, hash, position = null] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseHash(type, hash, position), InvalidPasswordHash);
    });
  }
});

describe('Our password hashes', () => {
  it('are Argon2id with 19 MiB, two passes and a 16-byte salt of their own', async () => {
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)]);
    assert.match(one.hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(one.hash, two.hash);
    assert.equal(isWeakerThanOurs(one), false);
  });

  it('take the password as sent, but for the two ways of writing one letter', async () => {
    const stored = await hashPassword('Crème brûlée 42 ');
    assert.equal(await matchesHash(stored, 'Cre\u0300me bru\u0302le\u0301e 42 '), true);
    assert.equal(await matchesHash(stored, 'Crème brûlée 42'), false);
    assert.equal(await matchesHash(stored, 'crème brûlée 42 '), false);
  });
});
