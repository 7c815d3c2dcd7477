import type { FleetType, RunScope } from "../fleet/fleetType.ts";
import type { ResourceContext } from "../resource/context.ts";
import { type AutopilotInputs, MANAGED_FIELDS } from "./autopilotIdentity.inputs.ts";
import { computeContentEtag, markUnreadUser } from "./contentEtag.ts";

/** Dependencies of {@link createAutopilotFleetType}. */
export interface AutopilotFleetTypeOptions {
	readonly memberContext: ResourceContext<AutopilotInputs>;
	/** Begins a run, which keeps the import records of registered machines until its end. */
	beginRun(): RunScope<AutopilotInputs>;
}

/** The name of a fleet's machine in messages, and the properties that messages suggest. */
export const MACHINE_MEMBER = {
	title: "Machine",
	suggestedProperties: [
		"serialNumber",
		"hardwareIdentifier",
		"productKey",
		...MANAGED_FIELDS,
		"onSerialNumberMismatch",
		"importId",
	],
};

/**
 * The number of simultaneous reads and writes. An import or a deletion waits for minutes and sends few requests, so hundreds
 * of them can run at a time. The timeout of each begins when it starts, and rate limiting of so many writes uses at most
 * minutes of it. Reads return at once.
 */
const MACHINE_CONCURRENCY = { reads: 16, writes: 500 };

/** The longest registration id. Observed: the service uses the same format for a product key. */
const LONGEST_ID = "0".repeat(36);
/** The longest etag. Graph's etags are shorter than the computed one that replaces a missing etag. */
const LONGEST_ETAG = markUnreadUser(computeContentEtag({}));

/**
 * Creates the resource type of AutopilotFleet. Each member is declared like an AutopilotIdentity; its serial number
 * defaults to its name.
 */
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
		// A stack has one tenant: the one of its settings and its sign-in.
		getId: () => "autopilot",
		getMemberAddress: (_fleetInputs, memberName) => ({ serialNumber: memberName }),
		beginRun,
	};
}
