import type { FleetType, RunScope } from "../fleet/fleetType.ts";
import type { ResourceContext } from "../resource/context.ts";
import type { AutopilotInputs } from "./autopilotIdentity.inputs.ts";
import { computeContentEtag } from "./contentEtag.ts";

/** What the fleet must be told about the stack that it works for. */
export interface AutopilotFleetTypeOptions {
	readonly memberContext: ResourceContext<AutopilotInputs>;
	/** The life of the machines in one run, which leaves the import records of those that are registered until its end. */
	beginRun(): RunScope<AutopilotInputs>;
}

/** What messages call a machine of a fleet, and what they say that it has. */
export const MACHINE_MEMBER = {
	title: "Machine",
	suggestedProperties: [
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
const MACHINE_CONCURRENCY = { reads: 16, writes: 500 };

/** A registration id, as which the service was seen to write a product key too. */
const LONGEST_ID = "0".repeat(36);
/** No etag of Graph's is longer than the one that we make where it sends none. */
const LONGEST_ETAG = computeContentEtag({});

/** Fleets of Autopilot machines: each member is what an AutopilotIdentity would be, named by its serial number unless it says another. */
export function createAutopilotFleetType({
	memberContext,
	beginRun,
}: AutopilotFleetTypeOptions): FleetType<AutopilotInputs> {
	return {
		title: "AutopilotFleet",
		membersProperty: "machines",
		memberNoun: "machine",
		reservedPaths: ["adopt", "onDrift"],
		memberContext,
		providerOptions: ["adopt", "onDrift"],
		stateFields: { etag: "e", serialNumber: "s", productKey: "k" },
		estimateLargestMember: ({ productKey = LONGEST_ID }) => ({
			id: LONGEST_ID,
			values: { etag: LONGEST_ETAG, productKey },
		}),
		concurrency: MACHINE_CONCURRENCY,
		// A stack has one tenant, which its settings name and its sign-in proves.
		getId: () => "autopilot",
		getMemberAddress: (_fleetInputs, memberName) => ({ serialNumber: memberName }),
		beginRun,
	};
}
