import type { Limits } from "../../../provider/lifecycle/guard.ts";
import type { Kind, OnDrift, Values } from "../../../provider/lifecycle/kind.ts";
import { type Lifecycle, lifecycle } from "../../../provider/lifecycle/lifecycle.ts";
import { surroundings } from "../../../provider/lifecycle/surroundings.ts";
import { VirtualClock } from "../virtualClock.ts";
import { type GadgetInputs, gadgetKind } from "./gadget.ts";
import { GadgetService } from "./gadgetService.ts";

/** Gadgets over a service in memory, with all that was said to the user. */
export interface GadgetLife {
	readonly life: Lifecycle;
	readonly service: GadgetService;
	readonly clock: VirtualClock;
	readonly said: string[];
	/** Deploys a gadget for the first time. Answers its outputs. */
	deploy(inputs: Values): Promise<Values>;
	/** Plans a second deployment. */
	plan(olds: Values, inputs: Values): ReturnType<Lifecycle["diff"]>;
	/** Carries out what was planned. Answers the outputs. */
	redeploy(olds: Values, inputs: Values): Promise<Values>;
}

/** What differs from gadgets as they usually are. */
interface Options {
	readonly onDrift?: OnDrift;
	readonly kind?: Partial<Kind<GadgetInputs>>;
	readonly limits?: Limits;
}

/** A gadget `a` in the hall, with more inputs if need be. */
export function gadget(rest: Values = {}): Values {
	return { name: "a", place: "hall", ...rest };
}

/** A new life of gadgets. */
export function gadgetLife({ onDrift = "reconcile", kind, limits = {} }: Options = {}): GadgetLife {
	const clock = new VirtualClock();
	const service = new GadgetService(clock.now);
	const said: string[] = [];
	const life = lifecycle(
		{ ...gadgetKind(service), ...kind },
		surroundings({ say: (text) => void said.push(text), clock, limits, onDrift }),
	);
	const id = (inputs: Values): string => String(inputs["name"]);
	return {
		life,
		service,
		clock,
		said,
		deploy: async (inputs) => (await life.create(inputs)).outs,
		plan: (olds, inputs) => life.diff(id(olds), olds, inputs),
		redeploy: async (olds, inputs) => (await life.update(id(olds), olds, inputs)).outs,
	};
}
