import type { Capacity } from "../../../provider/fleet/capacity.ts";
import { fleetLifecycle } from "../../../provider/fleet/fleet.ts";
import type { FleetKind } from "../../../provider/fleet/kind.ts";
import type { Limits } from "../../../provider/lifecycle/guard.ts";
import type { Values } from "../../../provider/lifecycle/kind.ts";
import type { Lifecycle } from "../../../provider/lifecycle/lifecycle.ts";
import { Plans } from "../../../provider/lifecycle/plans.ts";
import { surroundings } from "../../../provider/lifecycle/surroundings.ts";
import { type GadgetInputs, gadgetKind } from "../lifecycle/gadget.ts";
import { GadgetService } from "../lifecycle/gadgetService.ts";
import { VirtualClock } from "../virtualClock.ts";

/** Fleets of gadgets over a service in memory, with all that was said to the user. */
export interface GadgetFleet {
	readonly kind: FleetKind<GadgetInputs>;
	readonly life: Lifecycle;
	readonly service: GadgetService;
	readonly clock: VirtualClock;
	readonly said: string[];
}

/** A new fleet's life; a gadget with labels can have children, which have its name as their note. */
export function gadgetFleet({
	limits = {},
	capacity,
	width = 4,
}: {
	limits?: Limits;
	capacity?: Capacity;
	width?: number;
} = {}): GadgetFleet {
	const clock = new VirtualClock();
	const service = new GadgetService(clock.now);
	const said: string[] = [];
	const around = surroundings({ say: (text) => void said.push(text), clock, limits });
	const kind: FleetKind<GadgetInputs> = {
		title: "GadgetFleet",
		members: "gadgets",
		member: "gadget",
		place: "place",
		reserved: ["name", "place"],
		life: { kind: gadgetKind(service), around, plans: new Plans() },
		policies: ["adopt", "onDrift"],
		common: {},
		facts: { etag: "e", incarnation: "g" },
		keeps: () => true,
		expected: ({ name }) => ({ id: String(name), values: { etag: "W-999", incarnation: "i-999" } }),
		...(capacity && { capacity }),
		width: { looks: width, writes: width },
		complete: (inputs) => ({ place: "hall", ...inputs }),
		id: ({ place }) => String(place),
		address: ({ place }, name) => ({ name, place }),
		parentOf: ({ parent }) => (typeof parent === "string" ? parent : undefined),
		bears: ({ labels }) => Array.isArray(labels),
		inputsOf: ({ parent, ...declared }, { scope }) =>
			parent === undefined ? declared : { ...declared, note: scope },
		scopeOf: ({ incarnation }) => incarnation,
	};
	return { kind, life: fleetLifecycle(kind), service, clock, said };
}

/** The completed inputs of a fleet in the hall. */
export function gadgets(members: Readonly<Record<string, Values>>, rest: Values = {}): Values {
	return { place: "hall", gadgets: JSON.stringify(members), ...rest };
}

/** So many gadgets, `g0` the first. */
export function row(count: number, gadget: Values = {}): Record<string, Values> {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`g${at}`, gadget]));
}
