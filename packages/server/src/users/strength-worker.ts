/** The thread that rates passwords: what it knows takes tens of megabytes, and one rating up to 100 ms. */
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as english } from '@zxcvbn-ts/language-en';
import { leakedPasswords } from './leaked-passwords.ts';
import type { Rating, RatingRequest } from './strength.ts';

/** Rarer words add little beyond their length, and every one costs memory. */
const commonEnglish = 20_000;
/** The time a rating takes grows faster than the password, and so many letters are either strong or a pattern. */
const maxRated = 64;

const rater = new ZxcvbnFactory({
  dictionary: {
    ...common,
    'commonWords-en': english['commonWords-en'].slice(0, commonEnglish),
    'firstnames-en': english['firstnames-en'],
  },
  graphs: adjacencyGraphs,
  maxLength: maxRated,
});

parentPort?.on('message', ({ id, password, personal }: RatingRequest) => {
  const { score } = rater.check(password, [...personal]);
  const isLeaked = leakedPasswords().has(password);
  parentPort?.postMessage({ id, score, isLeaked } satisfies Rating & { id: number });
});
