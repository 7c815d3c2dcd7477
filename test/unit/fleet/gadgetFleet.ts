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

/** Fleets of gadgets over a service in memory, with all that was said to the user. */
export interface GadgetFleet {
	readonly kind: FleetType<GadgetInputs>;
	readonly life: ResourceProvider;
	readonly service: GadgetService;
	readonly clock: TestClock;
	readonly said: string[];
}

/** A new fleet's life; a gadget with labels can have children, which have its name as their note. */
export function createGadgetFleet({
	limits = {},
	capacity,
	width = 4,
}: {
	limits?: ChangeLimitsByAction;
	capacity?: MessageLimits;
	width?: number;
} = {}): GadgetFleet {
	const clock = new TestClock();
	const service = new GadgetService(clock.now);
	const said: string[] = [];
	const around = createRuntimeContext({ warn: (text) => void said.push(text), clock, limits });
	const kind: FleetType<GadgetInputs> = {
		title: "GadgetFleet",
		membersProperty: "gadgets",
		memberNoun: "gadget",
		locationProperty: "place",
		reservedPaths: ["name", "place"],
		memberContext: { resourceType: createGadgetType(service), runtime: around, planCache: new PlanCache() },
		providerOptions: ["adopt", "onDrift"],
		stateFields: { etag: "e", incarnation: "g" },
		estimateLargestMember: ({ name }) => ({
			id: String(name),
			values: { etag: "W-999", incarnation: "i-999" },
		}),
		...(capacity && { messageLimits: capacity }),
		concurrency: { reads: width, writes: width },
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
	return { kind, life: createFleetProvider(kind), service, clock, said };
}

/** The completed inputs of a fleet in the hall. */
export function declareGadgets(members: Readonly<Record<string, Values>>, rest: Values = {}): Values {
	return { place: "hall", gadgets: JSON.stringify(members), ...rest };
}

/** So many gadgets, `g0` the first. */
export function declareGadgetRow(count: number, gadget: Values = {}): Record<string, Values> {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`g${at}`, gadget]));
}
