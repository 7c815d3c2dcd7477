import { type Answer, createEmptyAnswer, createJsonAnswer } from "../../http/answer.ts";
import { getHeader } from "../../http/call.ts";
import { readCondition } from "../condition.ts";
import { createUnauthorizedError } from "../hubError.ts";
import type { DeviceRecord } from "../identity.ts";
import { requireId } from "../identityBody.ts";
import { createModuleJson } from "../identityJson.ts";
import { deleteModule, putModule, requireModule } from "../modules.ts";
import { READ, REMOVE, WRITE } from "./devices.ts";
import { type HubCall, type Route, requireObjectBody } from "./route.ts";

function listModules(hubCall: HubCall): Answer {
	const { wire, withheldKeys } = hubCall.registry.setting.switches;
	const modules = [...requireDevice(hubCall).modules.values()];
	return createJsonAnswer(
		200,
		modules.map((module) => createModuleJson(module, { occasion: "read", wire, withheldKeys })),
	);
}

function getModule(hubCall: HubCall): Answer {
	const { wire, withheldKeys } = hubCall.registry.setting.switches;
	const module = requireModule(requireDevice(hubCall), hubCall.ids.module);
	return createJsonAnswer(200, createModuleJson(module, { occasion: "read", wire, withheldKeys }));
}

function put(hubCall: HubCall): Answer {
	const { call, ids, registry } = hubCall;
	const device = requireDevice(hubCall);
	const isNew = !device.modules.has(ids.module);
	const condition = readCondition(getHeader(call, "if-match"));
	const module = putModule(
		device,
		{ moduleId: ids.module, body: requireObjectBody(call), condition },
		registry.setting,
	);
	const { wire, withheldKeys } = registry.setting.switches;
	return createJsonAnswer(
		200,
		createModuleJson(module, { occasion: isNew ? "create" : "update", wire, withheldKeys }),
	);
}

function remove(hubCall: HubCall): Answer {
	const { call, ids, registry } = hubCall;
	deleteModule(
		requireDevice(hubCall),
		ids.module,
		readCondition(getHeader(call, "if-match")),
		registry.setting,
	);
	return createEmptyAnswer(204);
}

const LIST = "/devices/{id}/modules";
const ONE = "/devices/{id}/modules/{mid}";

/** IoT Hub REST 2021-04-12, "Modules": Get Modules On Device, Get, Create Or Update and Delete Identity. */
export const moduleRoutes: readonly Route[] = [
	{ method: "GET", path: LIST, requirement: READ, meter: "registry", handle: listModules },
	{ method: "GET", path: ONE, requirement: READ, meter: "registry", handle: getModule },
	{ method: "PUT", path: ONE, requirement: WRITE, meter: "registry", handle: put },
	{ method: "DELETE", path: ONE, requirement: REMOVE, meter: "registry", handle: remove },
];

/** Returns the device; with a shared access signature, a missing or disabled one is 401. */
function requireDevice({ ids, registry, scheme }: HubCall): DeviceRecord {
	requireId(ids.device);
	const strict = scheme === "sas" && registry.setting.switches.moduleCallsNeedEnabledDevice;
	if (strict && registry.devices.get(ids.device)?.status !== "enabled") throw createUnauthorizedError();
	return registry.read(ids.device);
}
