import type { Resource } from "../../contract/harness/resource.ts";
import { createDeviceElsewhere, createDeviceKeys, ROTATION } from "../../contract/subject/deviceIdentity.ts";
import { HostAliases, HUB_HOST } from "../../contract/subject/hostAliases.ts";
import { HubStage } from "../../contract/subject/hubStage.ts";
import type { Sample, Values } from "../../contract/subject/subject.ts";
import type { Field, Ground } from "./ground.ts";

const ID = "press-1";
const OTHER = "press-2";
const REASON = { declared: "in service", changed: "being repaired", foreign: "seized by the auditors" };

/** Declares a gateway, a device below it, and an independent device, whose field the operations change. */
function declareDevices(statusReason: string, { id = ID, status = "enabled" } = {}): string {
	return JSON.stringify({
		[id]: { status, statusReason },
		gate: { capabilities: { iotEdge: true } },
		leaf: { parent: "gate" },
	});
}

const SAMPLE: Sample = {
	label: ID,
	inputs: { devices: declareDevices(REASON.declared) },
	changed: { devices: declareDevices(REASON.changed) },
	moved: { inputs: { devices: declareDevices(REASON.declared, { id: OTHER }) }, replaces: [] },
	other: {
		name: "status",
		value: "disabled",
		inputs: { devices: declareDevices(REASON.declared, { status: "disabled" }) },
	},
	ignored: `devices["${ID}"].statusReason`,
	path: "statusReason",
	values: REASON,
};

/** Creates a ground for a fleet of three devices. */
export function createFleetGround(): Ground {
	return {
		title: "DeviceFleet",
		start: async (place) => createField(await HubStage.start({}, { hostName: HUB_HOST }, place)),
	};
}

function createField(hub: HubStage): Field {
	const aliases = new HostAliases();
	return {
		sample: SAMPLE,
		size: 3,
		labels: [ID, OTHER, "gate", "leaf"],
		connect: (options) => {
			const config = aliases.nextSettings(hub.control);
			return hub.words.listenTo(hub.open({ ...options, config }).deviceFleet);
		},
		get clock() {
			return hub.clock;
		},
		words: hub.words,
		elsewhere: createDeviceElsewhere(hub, { deviceId: ID, statusReason: REASON.declared }),
		keys: createDeviceKeys(hub, { rotation: ROTATION }),
		listSecrets: () => hub.listSecrets(),
		listProblems: () => hub.problems,
		listRemains: () => [],
		close: () => hub.close(),
		findContradictions: (resource) => findContradictions(hub, resource),
	};
}

/** Compares the members in state with the hub's devices: ids, generations and etags. */
function findContradictions({ control }: HubStage, { known: { outputs } }: Resource): string[] {
	const live = Object.fromEntries(
		control.devices.list().map(({ deviceId, etag, generationId }) => [deviceId, `${generationId} ${etag}`]),
	);
	const members = Object.entries(JSON.parse(String(outputs["__members"])) as Record<string, Values>);
	const kept = Object.fromEntries(members.map(([id, { e, g }]) => [id, `${String(g)} ${String(e)}`]));
	const ids = [...new Set([...Object.keys(live), ...Object.keys(kept)])];
	return ids
		.filter((id) => live[id] !== kept[id])
		.map(
			(id) => `${id} is ${live[id] ?? "not there"} at the service, and ${kept[id] ?? "not there"} in state`,
		);
}
