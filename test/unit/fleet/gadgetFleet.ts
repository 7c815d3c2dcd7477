import { createFleetProvider } from "../../../provider/fleet/fleetProvider.ts";
import type { FleetType } from "../../../provider/fleet/fleetType.ts";
import type { MessageLimits } from "../../../provider/fleet/messageLimits.ts";
import type { ChangeLimitsByAction } from "../../../provider/resource/changeLimits.ts";
import { createRuntimeContext } from "../../../provider/resource/context.ts";
import { PlanCache } from "../../../provider/resource/planCache.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { Values } from "../../../provider/values.ts";
import { TestClock } from "../doubles.ts";
import { createGadgetType, type GadgetInputs } from "../resource/gadget.ts";
import { GadgetService } from "../resource/gadgetService.ts";

/** A provider of gadget fleets over a service in memory, with the warnings that it logged. */
export interface GadgetFleet {
	readonly fleetType: FleetType<GadgetInputs>;
	readonly provider: ResourceProvider;
	readonly service: GadgetService;
	readonly clock: TestClock;
	readonly warnings: string[];
}

/** Creates a provider of gadget fleets. A gadget with labels can have children, whose note holds its incarnation. */
export function createGadgetFleet({
	limits = {},
	messageLimits,
	concurrency = 4,
}: {
	limits?: ChangeLimitsByAction;
	messageLimits?: MessageLimits;
	concurrency?: number;
} = {}): GadgetFleet {
	const clock = new TestClock();
	const service = new GadgetService(clock.now);
	const warnings: string[] = [];
	const runtime = createRuntimeContext({ warn: (text) => void warnings.push(text), clock, limits });
	const fleetType: FleetType<GadgetInputs> = {
		title: "GadgetFleet",
		membersProperty: "gadgets",
		memberNoun: "gadget",
		locationProperty: "place",
		reservedPaths: ["name", "place"],
		memberContext: { resourceType: createGadgetType(service), runtime, planCache: new PlanCache() },
		providerOptions: ["adopt", "onDrift"],
		stateFields: { etag: "e", incarnation: "g" },
		estimateLargestMember: ({ name }) => ({
			id: String(name),
			values: { etag: "W-999", incarnation: "i-999" },
		}),
		...(messageLimits && { messageLimits }),
		concurrency: { reads: concurrency, writes: concurrency },
		normalizeInputs: (inputs) => ({ place: "hall", ...inputs }),
		getId: ({ place }) => String(place),
		getMemberAddress: ({ place }, name) => ({ name, place }),
		toResourceInputs: ({ parent, ...memberInputs }, { parentScope }) =>
			parent === undefined ? memberInputs : { ...memberInputs, note: parentScope },
		hierarchy: {
			getParentName: ({ parent }) => (typeof parent === "string" ? parent : undefined),
			canHaveChildren: ({ labels }) => Array.isArray(labels),
			getScope: ({ incarnation }) => incarnation,
		},
	};
	return { fleetType, provider: createFleetProvider(fleetType), service, clock, warnings };
}

/** Returns the completed inputs of a fleet in the hall. */
export function declareGadgets(members: Readonly<Record<string, Values>>, rest: Values = {}): Values {
	return { place: "hall", gadgets: JSON.stringify(members), ...rest };
}

/** Returns this many gadgets with the same inputs: `g0`, `g1`, … */
export function declareGadgetRow(count: number, gadget: Values = {}): Record<string, Values> {
	return Object.fromEntries(Array.from({ length: count }, (_, index) => [`g${index}`, gadget]));
}
