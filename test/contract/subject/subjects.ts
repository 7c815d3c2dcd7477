import { deviceIdentity } from "./deviceIdentity.ts";
import type { Subject } from "./subject.ts";

/** Every kind of resource on every dialect of its service. */
export const SUBJECTS: readonly Subject[] = [
	deviceIdentity("2021-04-12"),
	deviceIdentity("2015-08-15-preview"),
];
