import type { ChangeLimitsByAction } from "../../../provider/resource/changeLimits.ts";
import { createRuntimeContext, type OnDrift } from "../../../provider/resource/context.ts";
import {
	createResourceProvider,
	type ResourceProvider,
} from "../../../provider/resource/resourceProvider.ts";
import type { ResourceType } from "../../../provider/resource/resourceType.ts";
import type { Values } from "../../../provider/values.ts";
import { TestClock } from "../doubles.ts";
import { createGadgetType, type GadgetInputs } from "./gadget.ts";
import { GadgetService } from "./gadgetService.ts";

/** Gadgets over a service in memory, with all that was said to the user. */
export interface GadgetProvider {
	readonly life: ResourceProvider;
	readonly service: GadgetService;
	readonly clock: TestClock;
	readonly said: string[];
	/** Deploys a gadget for the first time. Answers its outputs. */
	deploy(inputs: Values): Promise<Values>;
	/** Plans a second deployment. */
	plan(olds: Values, inputs: Values): ReturnType<ResourceProvider["diff"]>;
	/** Carries out what was planned. Answers the outputs. */
	redeploy(olds: Values, inputs: Values): Promise<Values>;
}

/** What differs from gadgets as they usually are. */
interface Options {
	readonly onDrift?: OnDrift;
	readonly kind?: Partial<ResourceType<GadgetInputs>>;
	readonly limits?: ChangeLimitsByAction;
}

/** A gadget `a` in the hall, with more inputs if need be. */
export function declareGadget(rest: Values = {}): Values {
	return { name: "a", place: "hall", ...rest };
}

/** A new life of gadgets. */
export function createGadgetProvider({
	onDrift = "reconcile",
	kind,
	limits = {},
}: Options = {}): GadgetProvider {
	const clock = new TestClock();
	const service = new GadgetService(clock.now);
	const said: string[] = [];
	const life = createResourceProvider(
		{ ...createGadgetType(service), ...kind },
		createRuntimeContext({ warn: (text) => void said.push(text), clock, limits, onDrift }),
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
