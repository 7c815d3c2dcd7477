import { createIotHubService } from "../../../provider/iothub/service.ts";
import { createServiceClock, createServiceNetwork } from "../../contract/harness/emulatedServices.ts";
import type { Values } from "../../contract/subject/subject.ts";
import type { DeviceView } from "../../emulator/emulator.ts";
import { createWorld } from "../../emulator/world.ts";
import type { Leaves, Place } from "./place.ts";
import type { Outside, Program } from "./step.ts";

const HOST = "fleet.example";
const ID = "press-1";

/** `readable` is no property of the device: somebody else decides whether the credential may read keys. */
const KNOBS = {
	status: ["enabled", "disabled"],
	statusReason: ["", "idle", "busy"],
	rotation: ["1", "2", "3"],
	readable: ["yes", "no"],
};

/** Creates a hub with room for one device, whose keys no state has, which rotations change, and which may be withheld. */
export function createKeyPlace(): Place {
	const world = createWorld({ timeScale: 0 }, { hostName: HOST, port: 443, origin: `https://${HOST}` });
	const { devices, switches, clock: hubClock, hub } = world.control;
	const settings: Readonly<Record<string, string>> = {
		"iothub:connectionString": hub.connectionString(),
		"iothub:storeCredentials": "false",
	};
	const sources = { config: (key: string) => settings[key], env: {} };
	const clock = createServiceClock(world);
	const known = new Set<string>();
	const settle = (): void => {
		switches.withheldKeys = "none";
	};
	return {
		label: `DeviceIdentity ${ID}`,
		knobs: KNOBS,
		ignoredPaths: { status: "status", statusReason: "statusReason" },
		defaults: { status: "enabled", statusReason: "" },
		ids: "declared",
		refresh: "inputs",
		open: ({ network, say }) => createIotHubService({ sources, clock, warn: say, network }).deviceIdentity,
		network: createServiceNetwork(world),
		view() {
			const device = devices.get(ID);
			if (device === undefined) return undefined;
			const { generationId, etag, status, statusReason, authentication } = device;
			const { primaryKey, secondaryKey } = authentication.symmetricKey;
			const keys = { primary: primaryKey ?? "", secondary: secondaryKey ?? "" };
			for (const key of Object.values(keys)) known.add(key);
			const leaves = {
				status,
				statusReason: statusReason ?? "",
				"authentication.type": authentication.type,
			};
			return { incarnation: generationId, etag, leaves, keys };
		},
		inputsOf: declareInputs,
		declaredBy: readDeclared,
		leavesOf: readLeaves,
		incarnationOf: (_id, outputs) => String(outputs["generationId"]),
		shown: (_path, value) => (value === "" ? "none" : JSON.stringify(value)),
		requestedRotation: ({ rotation }) => rotation,
		completedRotation: (outputs) => String(outputs["__rotation"] ?? "").split(" ")[2],
		isWithholding: () => switches.withheldKeys !== "none",
		settle,
		changeElsewhere(outside) {
			if (outside.what === "change" && outside.knob === "readable")
				switches.withheldKeys = outside.value === "yes" ? "none" : "null";
			else changeDevice(devices, outside);
		},
		pass: (milliseconds) => hubClock.advance(milliseconds),
		secrets: () => [...known],
		clear() {
			settle();
			devices.remove(ID);
		},
	};
}

function declareInputs({ status, statusReason, rotation }: Program): Values {
	return {
		deviceId: ID,
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(rotation && {
			authentication: { rotation: { keyType: "secondary", generation: Number(rotation) } },
		}),
	};
}

function readDeclared({ status, statusReason, rotation }: Program): Leaves {
	return {
		...(status === undefined ? {} : { status }),
		...(statusReason === undefined ? {} : { statusReason }),
		...(rotation && { "authentication.type": "sas" }),
	};
}

function readLeaves(outputs: Values): Leaves {
	const text = (value: unknown): string => (typeof value === "string" ? value : "");
	return {
		status: text(outputs["status"]),
		statusReason: text(outputs["statusReason"]),
		"authentication.type": text(Object(outputs["authentication"]).type),
	};
}

type Devices = ReturnType<typeof createWorld>["control"]["devices"];

function changeDevice(devices: Devices, outside: Outside): void {
	const device = devices.get(ID);
	if (outside.what === "make" && device === undefined) devices.seed([{ deviceId: ID, statusReason: "busy" }]);
	if (device === undefined) return;
	if (outside.what === "rewrite") devices.change(ID, {});
	else if (outside.what === "remove") devices.remove(ID);
	// Somebody who restores a device may give it the keys that it had.
	else if (outside.what === "recreate")
		devices.recreate(ID, { authentication: { type: "sas", symmetricKey: readKeys(device) } });
	else if (outside.what === "live") devices.connect(ID);
	else if (outside.what === "change" && outside.knob === "rotation") devices.rotateKeys(ID);
	else if (outside.what === "change") devices.change(ID, { [outside.knob]: outside.value });
}

function readKeys({ authentication: { symmetricKey } }: DeviceView): {
	primaryKey: string;
	secondaryKey: string;
} {
	const { primaryKey, secondaryKey } = symmetricKey;
	return { primaryKey: primaryKey ?? "", secondaryKey: secondaryKey ?? "" };
}
