import { type Answer, createEmptyAnswer, createJsonAnswer } from "../../http/answer.ts";
import { type Call, getHeader, getParameter } from "../../http/call.ts";
import { getMember, type JsonObject, parseJson } from "../../json.ts";
import { PREVIEW_2015, readPreview2015, writePreview2015 } from "../apiVersions.ts";
import { readTextField } from "../bodyFields.ts";
import { applyBulk } from "../bulk.ts";
import { formatIdentityEtag, readCondition } from "../condition.ts";
import { createArgumentError } from "../hubError.ts";
import type { DeviceRecord } from "../identity.ts";
import { readIdentity, requireId } from "../identityBody.ts";
import { createDeviceJson, type Occasion } from "../identityJson.ts";
import { requireKnownScope } from "../placement.ts";
import { type HubCall, type Route, requireArrayBody, requireObjectBody } from "./route.ts";

/** The maximum number of devices in a list. */
const LONGEST_LIST = 1000;

function putDevice(hubCall: HubCall): Answer {
	const { call, ids, version, registry } = hubCall;
	requireId(ids.device);
	const body = requireObjectBody(call);
	requireSameId(body, hubCall);
	const wish = version === PREVIEW_2015 ? readPreview2015(body) : readIdentity(body);
	requireKnownScope(registry, wish);
	const { device, created } = registry.put(ids.device, wish, readCondition(getHeader(call, "if-match")));
	const sent = (getMember(body, "parentScopes") ?? undefined) !== undefined;
	return createDeviceAnswer(device, created ? "create" : "update", { ...hubCall, parentScopesSent: sent });
}

function getDevice(hubCall: HubCall): Answer {
	requireId(hubCall.ids.device);
	return createDeviceAnswer(hubCall.registry.read(hubCall.ids.device), "read", hubCall);
}

function deleteDevice({ call, ids, registry }: HubCall): Answer {
	requireId(ids.device);
	registry.delete(ids.device, readCondition(getHeader(call, "if-match")));
	return createEmptyAnswer(204);
}

function listDevices(hubCall: HubCall): Answer {
	const top = Number(getParameter(hubCall.call.query, "top") ?? LONGEST_LIST);
	const count = Number.isInteger(top) && top >= 1 && top <= LONGEST_LIST ? top : LONGEST_LIST;
	const devices = [...hubCall.registry.devices.values()].slice(0, count);
	return createJsonAnswer(
		200,
		devices.map((device) => write(device, "read", hubCall)),
	);
}

/** Access to the registry's reads. */
export const READ = { permission: "RegistryRead", dataActions: ["devices/read"] } as const;
/** Access to the registry's writes. */
export const WRITE = { permission: "RegistryWrite", dataActions: ["devices/write"] } as const;
/** Access to the registry's deletions. */
export const REMOVE = { permission: "RegistryWrite", dataActions: ["devices/delete"] } as const;

/** IoT Hub REST 2021-04-12, "Devices": Create Or Update Identity, Get Identity, Delete Identity, Get Devices. */
export const deviceRoutes: readonly Route[] = [
	{
		method: "PUT",
		path: "/devices/{id}",
		requirement: WRITE,
		meter: "registry",
		in2015: true,
		handle: putDevice,
	},
	{
		method: "GET",
		path: "/devices/{id}",
		requirement: READ,
		meter: "registry",
		in2015: true,
		handle: getDevice,
	},
	{
		method: "DELETE",
		path: "/devices/{id}",
		requirement: REMOVE,
		meter: "registry",
		in2015: true,
		handle: deleteDevice,
	},
	{
		method: "GET",
		path: "/devices",
		requirement: READ,
		meter: "registry",
		in2015: true,
		handle: listDevices,
	},
];

function requireSameId(body: JsonObject, { ids, registry }: HubCall): void {
	const inBody = readTextField(body, "deviceId");
	if (registry.setting.switches.bodyDeviceId === "overwrite" || inBody === undefined || inBody === ids.device)
		return;
	throw createArgumentError("The device id in the body is not that of the path");
}

type WriteScene = Pick<HubCall, "version" | "registry"> & { readonly parentScopesSent?: boolean };

/** Creates a response with an identity and its etag as a header: quoted and strong, though the reference calls it weak. */
function createDeviceAnswer(device: DeviceRecord, occasion: Occasion, scene: WriteScene): Answer {
	return createJsonAnswer(200, write(device, occasion, scene), {
		etag: `"${formatIdentityEtag(device.counter)}"`,
	});
}

function write(device: DeviceRecord, occasion: Occasion, scene: WriteScene): object {
	const { wire, withheldKeys } = scene.registry.setting.switches;
	if (scene.version === PREVIEW_2015) return writePreview2015(device, withheldKeys);
	const parentScopesSent = scene.parentScopesSent ?? false;
	return createDeviceJson(device, { occasion, wire, withheldKeys, parentScopesSent });
}

/** Responds to a bulk request. A failed item makes it 400, with the result as body instead of an error envelope. */
function answerBulk({ call, registry }: HubCall): Answer {
	const result = applyBulk(requireArrayBody(call), registry);
	return createJsonAnswer(result.isSuccessful ? 200 : 400, result);
}

/** Returns the number of items, each of which the throttle counts. */
function countItems(call: Call): number {
	const value = parseJson(call.body);
	return Array.isArray(value) ? Math.max(1, value.length) : 1;
}

/** IoT Hub REST 2021-04-12, "Bulk Registry": Update Registry. */
export const bulkRoutes: readonly Route[] = [
	{
		method: "POST",
		path: "/devices",
		requirement: { permission: "RegistryWrite", dataActions: ["devices/write", "devices/delete"] },
		meter: "registry",
		cost: countItems,
		handle: answerBulk,
	},
];
