import type { FleetKind, OneRun } from "../fleet/kind.ts";
import type { Life } from "../lifecycle/life.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import { contentEtag } from "./contentEtag.ts";

/** What the fleet must be told about the stack that it works for. */
export interface AutopilotFleetOptions {
	readonly life: Life<AutopilotInputs>;
	/** The life of the machines in one run, which leaves the import records of those that are registered until its end. */
	ofOneRun(): OneRun<AutopilotInputs>;
}

/** What messages call a machine of a fleet, and what they say that it has. */
export const MEMBER = {
	title: "Machine",
	offered: [
		"serialNumber",
		"hardwareIdentifier",
		"productKey",
		"groupTag",
		"assignedUserPrincipalName",
		"addressableUserName",
		"displayName",
		"importId",
	],
};

/**
 * An import or a deletion waits for minutes and asks little meanwhile, so hundreds of them go at a time; each has its
 * time from its own turn on, and the pace of so many writes takes minutes of it at most. Looks are answered at once.
 */
const WIDTH = { looks: 16, writes: 500 };

/** A registration id, as which the service was seen to write a product key too. */
const GUID = "0".repeat(36);
/** No etag of Graph's is longer than the one that we make where it sends none. */
const ETAG = contentEtag({});

/** Fleets of Autopilot machines: each member is what an AutopilotIdentity would be, named by its serial number unless it says another. */
export function autopilotFleet({ life, ofOneRun }: AutopilotFleetOptions): FleetKind<AutopilotInputs> {
	return {
		title: "AutopilotFleet",
		members: "machines",
		member: "machine",
		reserved: ["adopt", "onDrift"],
		life,
		policies: ["adopt", "onDrift"],
		common: {},
		facts: { etag: "e", serialNumber: "s", productKey: "k" },
		keeps: () => true,
		expected: ({ productKey = GUID }) => ({ id: GUID, values: { etag: ETAG, productKey } }),
		width: WIDTH,
		complete: (inputs) => inputs,
		// A stack has one tenant, which its settings name and its sign-in proves.
		id: () => "autopilot",
		address: (_fleet, name) => ({ serialNumber: name }),
		parentOf: () => undefined,
		bears: () => false,
		inputsOf: (declared) => declared,
		scopeOf: () => undefined,
		ofOneRun,
	};
}
