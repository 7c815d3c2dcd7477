import type { VirtualClock } from "../clock.ts";
import { NO_CREDENTIAL } from "./authenticationBody.ts";
import { generateCounter } from "./etag.ts";
import type { Authentication, ModuleRecord } from "./identity.ts";
import { createTwin } from "./twin.ts";

/** What a module is made of. */
export interface ModuleParts {
	readonly deviceId: string;
	readonly moduleId: string;
	readonly managedBy: string | null;
	readonly authentication: Authentication;
}

/** A new module identity. */
export function newModule(parts: ModuleParts, clock: VirtualClock): ModuleRecord {
	return {
		...parts,
		generationId: clock.stamp().toString(),
		counter: generateCounter(),
		connected: false,
		connectionStateUpdated: undefined,
		lastActivity: undefined,
		cloudToDeviceMessageCount: 0,
		twin: createTwin(),
	};
}

/** The two modules of the runtime that every edge device has. */
export function edgeModules(deviceId: string, clock: VirtualClock): ModuleRecord[] {
	return ["$edgeAgent", "$edgeHub"].map((moduleId) =>
		newModule({ deviceId, moduleId, managedBy: "iotEdge", authentication: NO_CREDENTIAL }, clock),
	);
}
