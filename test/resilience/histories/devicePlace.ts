import { createIotHubService } from "../../../provider/iothub/service.ts";
import { computeFingerprint } from "../../../provider/keys/fingerprint.ts";
import { createServiceClock, createServiceNetwork } from "../../contract/harness/emulatedServices.ts";
import { HostAliases, HUB_HOST } from "../../contract/subject/hostAliases.ts";
import type { Values } from "../../contract/subject/subject.ts";
import type { DeviceChange, DeviceView } from "../../emulator/emulator.ts";
import { createWorld } from "../../emulator/world.ts";
import type { Leaves, Place } from "./place.ts";
import type { Outside, Program } from "./step.ts";

const ID = "press-1";
const PRIMARY = "authentication.symmetricKey.primaryKey";
const SECONDARY = "authentication.symmetricKey.secondaryKey";

const KNOBS = {
	status: ["enabled", "disabled"],
	statusReason: ["", "idle", "busy", "broken"],
	keys: ["a", "b", "c"],
	edge: ["", "true"],
};

/** Creates a hub with room for one device. */
export function createDevicePlace(): Place {
	const world = createWorld(
		{ timeScale: 0 },
		{ hostName: HUB_HOST, port: 443, origin: `https://${HUB_HOST}` },
	);
	const { control } = world;
	const aliases = new HostAliases();
	const createSources = () => {
		const settings = aliases.nextSettings(control);
		return { config: (key: string) => settings[key], env: {} };
	};
	const clock = createServiceClock(world);
	const known = new Set<string>();
	return {
		label: `DeviceIdentity ${ID}`,
		knobs: KNOBS,
		ignoredPaths: {
			status: "status",
			statusReason: '["statusReason"]',
			keys: "authentication",
			edge: "capabilities.iotEdge",
		},
		defaults: { status: "enabled", statusReason: "", "capabilities.iotEdge": "" },
		ids: "declared",
		refresh: "inputs",
		open: ({ network, say }) =>
			createIotHubService({ sources: createSources(), clock, warn: say, network }).deviceIdentity,
		network: createServiceNetwork(world),
		view() {
			const device = control.devices.get(ID);
			if (device === undefined) return undefined;
			const leaves = leavesOfDevice(device);
			for (const path of [PRIMARY, SECONDARY]) known.add(leaves[path] ?? "");
			return { incarnation: device.generationId, etag: device.etag, leaves };
		},
		inputsOf: (program) => ({ ...declareInputs(program), ...aliases.nextInputs() }),
		declaredBy: readDeclared,
		leavesOf: readLeaves,
		incarnationOf: (_id, outputs) => String(outputs["generationId"]),
		shown(path, value) {
			if (value === "") return "none";
			return path.includes("symmetricKey") ? `key ${computeFingerprint(value)}` : JSON.stringify(value);
		},
		changeElsewhere: (outside) => changeElsewhere(control.devices, outside),
		pass: (milliseconds) => control.clock.advance(milliseconds),
		secrets: () => [...known],
		clear() {
			aliases.reset();
			control.devices.remove(ID);
		},
	};
}

function createKeys(letter: string): { primaryKey: string; secondaryKey: string } {
	const key = (which: string) => Buffer.alloc(32, letter + which).toString("base64");
	return { primaryKey: key("1"), secondaryKey: key("2") };
}

function declareInputs({ status, statusReason, keys, edge }: Program): Values {
	return {
		deviceId: ID,
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(keys === undefined ? {} : { authentication: { type: "sas", symmetricKey: createKeys(keys) } }),
		...(edge === undefined ? {} : { capabilities: { iotEdge: edge === "true" } }),
	};
}

function readDeclared({ status, statusReason, keys, edge }: Program): Leaves {
	const { primaryKey = "", secondaryKey = "" } = keys === undefined ? {} : createKeys(keys);
	return {
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(keys && { "authentication.type": "sas", [PRIMARY]: primaryKey, [SECONDARY]: secondaryKey }),
		...(edge === undefined ? {} : { "capabilities.iotEdge": edge }),
	};
}

function leavesOfDevice({ status, statusReason, authentication, capabilities }: DeviceView): Leaves {
	const { type, symmetricKey } = authentication;
	return {
		status,
		statusReason: statusReason ?? "",
		"authentication.type": type,
		[PRIMARY]: symmetricKey.primaryKey ?? "",
		[SECONDARY]: symmetricKey.secondaryKey ?? "",
		"capabilities.iotEdge": capabilities.iotEdge ? "true" : "",
	};
}

function readLeaves(outputs: Values): Leaves {
	const text = (value: unknown): string => (typeof value === "string" ? value : "");
	const { iotEdge } = Object(outputs["capabilities"]);
	return {
		status: text(outputs["status"]),
		statusReason: text(outputs["statusReason"]),
		"authentication.type": text(Object(outputs["authentication"]).type),
		[PRIMARY]: text(outputs["primaryKey"]),
		[SECONDARY]: text(outputs["secondaryKey"]),
		"capabilities.iotEdge": iotEdge === true ? "true" : "",
	};
}

type Devices = ReturnType<typeof createWorld>["control"]["devices"];

function changeElsewhere(devices: Devices, outside: Outside): void {
	const device = devices.get(ID);
	if (outside.what === "make" && device === undefined)
		devices.seed([{ deviceId: ID, statusReason: "broken" }]);
	if (device === undefined) return;
	if (outside.what === "change") devices.change(ID, createChange(outside, device));
	else if (outside.what === "rewrite") devices.change(ID, {});
	else if (outside.what === "remove") devices.remove(ID);
	else if (outside.what === "recreate") devices.recreate(ID);
	else if (outside.what === "live") {
		devices.connect(ID);
		devices.sendTelemetry(ID);
		devices.patchTwin(ID, { tags: { site: "north" } });
	}
}

/** Returns a change that the hub accepts: a gateway's own scope must be echoed, and a former gateway has none. */
function createChange({ knob, value }: { knob: string; value: string }, device: DeviceView): DeviceChange {
	if (knob === "keys") return { authentication: { type: "sas", symmetricKey: createKeys(value) } };
	if (knob === "status") return { status: value === "disabled" ? "disabled" : "enabled" };
	if (knob === "statusReason") return { statusReason: value };
	const iotEdge = value === "true";
	const stays = iotEdge === device.capabilities.iotEdge;
	return stays ? {} : { capabilities: { iotEdge }, deviceScope: "", parentScopes: [] };
}
