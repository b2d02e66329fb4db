/**
 * What tests of an app need of AuthKit: a platform of their own, its mailbox and clock, people and their sessions. Bound
 * to no test runner; `@authkit/testing/playwright` holds the fixtures for Playwright.
 *
 * Drives the platform over HTTP only, so all of it works in any process.
 */
export { type Api, Refused } from './api.ts';
export { type AppOptions, type RunningApp, startApp } from './app.ts';
export type { TestedApp } from './app-environment.ts';
export {
  type AuthKit,
  type AuthKitOptions,
  type Connection,
  connectAuthKit,
  createAuthKit,
  type Totp,
} from './authkit.ts';
export type { BrowserContext, Page } from './browser.ts';
export { findChromium } from './chromium.ts';
export type { TestClock } from './clock.ts';
export type { Controls, FailureWanted, Snapshot, TestEvent } from './controls.ts';
export type { Duration } from './duration.ts';
export { type Mail, type Mailbox, type MailWanted, NoMail } from './mail.ts';
export { addAuthenticator, type VirtualAuthenticator } from './passkey.ts';
export type { NewUser, People, TestOrganization, TestUser } from './people.ts';
export {
  type Address,
  type Command,
  type Platform,
  type PlatformOptions,
  type PlatformProcess,
  startPlatform,
  startPlatformInProcess,
} from './platform.ts';
export { freePort, outerEnvironment, type ProcessOptions, type StartedProcess, startProcess } from './processes.ts';
export type { InjectedSession, Session, SessionOptions, Sessions } from './sessions.ts';
export type { SignInOptions } from './sign-in.ts';
export { totpCode } from './totp.ts';
