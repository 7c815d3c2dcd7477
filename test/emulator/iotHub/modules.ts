import type { VirtualClock } from "../clock.ts";
import type { JsonObject } from "../json.ts";
import { NO_CREDENTIAL, readAuthentication } from "./authenticationBody.ts";
import { readTextField } from "./bodyFields.ts";
import {
	type Condition,
	createEtagMissing,
	formatIdentityEtag,
	generateCounter,
	requireMatch,
} from "./condition.ts";
import { createArgumentError, HubError } from "./hubError.ts";
import type { Authentication, DeviceRecord, ModuleRecord } from "./identity.ts";
import { requireId } from "./identityBody.ts";
import type { Switches } from "./switches.ts";
import { createTwin } from "./twin.ts";

/** The maximum number of modules of a device, without those of the edge runtime. */
const MOST_MODULES = 50;

/** The context of a module write. */
export interface ModuleScene {
	readonly clock: VirtualClock;
	readonly switches: Switches;
}

/** Returns the module, or throws 404. */
export function requireModule(device: DeviceRecord, moduleId: string): ModuleRecord {
	const module = device.modules.get(moduleId);
	if (module !== undefined) return module;
	throw new HubError(
		"ModuleNotFound",
		`Module ${moduleId} on device ${device.deviceId} not found.`,
		"numbered",
	);
}

/** The parts of a module's PUT. */
export interface ModulePut {
	readonly moduleId: string;
	readonly body: JsonObject;
	readonly condition: Condition;
}

/** Creates or replaces a module under the same conditions as a device; omitted members are reset. */
export function putModule(device: DeviceRecord, put: ModulePut, scene: ModuleScene): ModuleRecord {
	requireOwnId(put.moduleId);
	const wish = {
		managedBy: readTextField(put.body, "managedBy") ?? null,
		authentication: readAuthentication(put.body, "sas"),
	};
	if (put.condition.kind === "absent" || put.condition.kind === "empty") {
		requireVacant(device, put.moduleId);
		const module = createModule({ deviceId: device.deviceId, moduleId: put.moduleId, ...wish }, scene.clock);
		device.modules.set(put.moduleId, module);
		return module;
	}
	const module = requireModule(device, put.moduleId);
	requireMatch(put.condition, formatIdentityEtag(module.counter), scene.switches.unquotedIfMatch);
	return Object.assign(module, wish, { counter: module.counter + 1 });
}

/** Deletes a module under its condition. */
export function deleteModule(
	device: DeviceRecord,
	moduleId: string,
	condition: Condition,
	scene: ModuleScene,
): void {
	requireOwnId(moduleId);
	const module = requireModule(device, moduleId);
	if (condition.kind === "absent" || condition.kind === "empty") throw createEtagMissing();
	requireMatch(condition, formatIdentityEtag(module.counter), scene.switches.unquotedIfMatch);
	device.modules.delete(moduleId);
}

/** Rejects ids that begin with `$`, which belong to the edge runtime. */
function requireOwnId(moduleId: string): void {
	if (moduleId.startsWith("$"))
		throw createArgumentError(`The module id '${moduleId.slice(0, 200)}' is reserved`);
	requireId(moduleId, "moduleId");
}

function requireVacant({ deviceId, modules }: DeviceRecord, moduleId: string): void {
	if (modules.has(moduleId)) {
		const text = `Module ${moduleId} already exists on device ${deviceId}.`;
		throw new HubError("ModuleAlreadyExistsOnDevice", text, "numbered");
	}
	if ([...modules.keys()].filter((id) => !id.startsWith("$")).length < MOST_MODULES) return;
	throw new HubError("TooManyModulesOnDevice", `Device ${deviceId} has too many modules.`, "numbered");
}

/** The parts of a new module. */
export interface ModuleParts {
	readonly deviceId: string;
	readonly moduleId: string;
	readonly managedBy: string | null;
	readonly authentication: Authentication;
}

/** Creates a module identity. */
export function createModule(parts: ModuleParts, clock: VirtualClock): ModuleRecord {
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

/** Creates the two modules of the runtime that every edge device has. */
export function createEdgeModules(deviceId: string, clock: VirtualClock): ModuleRecord[] {
	return ["$edgeAgent", "$edgeHub"].map((moduleId) =>
		createModule({ deviceId, moduleId, managedBy: "iotEdge", authentication: NO_CREDENTIAL }, clock),
	);
}
