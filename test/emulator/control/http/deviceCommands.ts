import { createDeviceNotFoundError } from "../../iotHub/hubError.ts";
import { readOptionalChoice, requireObject } from "../../json.ts";
import type { ControlAsk, ControlCommand } from "../control.ts";
import type { DeviceChange, DeviceSeed, TwinPatch } from "../deviceView.ts";

const DEVICE = "/_control/devices/{id}";

/** The commands for the registry. */
export const deviceCommands: readonly ControlCommand[] = [
	{
		method: "GET",
		path: "/_control/devices",
		help: "List all devices with all data that the hub has of them",
		run: ({ control }) => control.devices.list(),
	},
	{
		method: "POST",
		path: "/_control/devices",
		help: 'Register devices: one PUT body or a list, e.g. {"deviceId":"a","tags":{"site":"north"}}',
		run: ({ control, body }) => control.devices.seed(readSeeds(body)),
	},
	{
		method: "GET",
		path: DEVICE,
		help: "Show one device",
		run: ({ control, name }) => {
			const device = control.devices.get(name);
			if (device === undefined) throw createDeviceNotFoundError(name);
			return device;
		},
	},
	{
		method: "PATCH",
		path: DEVICE,
		help: 'Change fields as another administrator would, e.g. {"status":"disabled"}; the etag moves',
		run: ({ control, name, body }) => control.devices.change(name, readChange(body)),
	},
	{
		method: "DELETE",
		path: DEVICE,
		help: "Delete a device",
		run: ({ control, name }) => ({ removed: control.devices.remove(name) }),
	},
	{
		method: "POST",
		path: `${DEVICE}/rotate-keys`,
		help: 'Generate new keys; body {"which":"primary"|"secondary"|"both"} or none',
		run: ({ control, name, body }) => control.devices.rotateKeys(name, readKeyType(body)),
	},
	{
		method: "POST",
		path: `${DEVICE}/recreate`,
		help: "Delete a device and register another under its id; body: fields that differ, or none",
		run: ({ control, name, body }) =>
			control.devices.recreate(name, body === undefined ? {} : readChange(body)),
	},
	...(["connect", "disconnect"] as const).map(
		(verb): ControlCommand => ({
			method: "POST",
			path: `${DEVICE}/${verb}`,
			help: `Let a device ${verb}; no etag moves`,
			run: ({ control, name }) => control.devices[verb](name),
		}),
	),
	{
		method: "POST",
		path: `${DEVICE}/telemetry`,
		help: "Let a device send a message; no etag moves",
		run: ({ control, name }) => control.devices.sendTelemetry(name),
	},
	{
		method: "PATCH",
		path: `${DEVICE}/twin`,
		help: 'Merge into a twin, e.g. {"tags":{"site":null},"properties":{"reported":{"on":true}}}',
		run: ({ control, name, body }: ControlAsk) =>
			control.devices.patchTwin(name, requireObject(body, "The body") as TwinPatch),
	},
];

function readSeeds(body: unknown): DeviceSeed[] {
	const items = Array.isArray(body) ? body : [body];
	return items.map((item) => {
		const seed = requireObject(item, "A device");
		if (typeof seed["deviceId"] !== "string") throw new TypeError("A device must have a deviceId");
		return seed as unknown as DeviceSeed;
	});
}

function readChange(body: unknown): DeviceChange {
	return requireObject(body, "The body") as DeviceChange;
}

function readKeyType(body: unknown): "primary" | "secondary" | "both" {
	const holder = body === undefined ? {} : requireObject(body, "The body");
	return readOptionalChoice(holder, "which", ["primary", "secondary", "both"]) ?? "both";
}
