import { createMachineSubject } from "./autopilotIdentity.ts";
import { createDeviceSubject } from "./deviceIdentity.ts";
import type { Subject } from "./subject.ts";

const SEED = { profile: "seed" } as const;

/** Every resource type in every dialect of its service, or by every strategy. */
export const SUBJECTS: readonly Subject[] = [
	createDeviceSubject("2021-04-12"),
	createDeviceSubject("2015-08-15-preview"),
	createMachineSubject({
		strategy: "live",
		switches: {},
		costs: { create: 9, unchanged: 1, update: 3, delete: 3, trouble: 50 },
		leads: { create: 1, update: 1, delete: 1 },
	}),
	createMachineSubject({
		strategy: "upload",
		switches: SEED,
		costs: { create: 8, unchanged: 1, update: 4, delete: 5, trouble: 50 },
		leads: { create: 1, update: 2, delete: 1 },
	}),
	createMachineSubject({
		strategy: "upload",
		switches: { ...SEED, etags: true },
		costs: { create: 8, unchanged: 1, update: 4, delete: 5, trouble: 50 },
		leads: { create: 1, update: 2, delete: 1 },
	}),
	createMachineSubject({
		strategy: "upload-rooted",
		switches: { ...SEED, etags: true },
		costs: { create: 9, unchanged: 1, update: 6, delete: 8, trouble: 70 },
		leads: { create: 2, update: 4, delete: 1 },
	}),
];
