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

/** A provider of gadgets over a service in memory, with the warnings that it logged. */
export interface GadgetProvider {
	readonly provider: ResourceProvider;
	readonly service: GadgetService;
	readonly clock: TestClock;
	readonly warnings: string[];
	/** Deploys a gadget for the first time. Returns its outputs. */
	deploy(inputs: Values): Promise<Values>;
	/** Plans a second deployment. */
	plan(olds: Values, inputs: Values): ReturnType<ResourceProvider["diff"]>;
	/** Carries out a plan. Returns the outputs. */
	redeploy(olds: Values, inputs: Values): Promise<Values>;
}

/** Options of {@link createGadgetProvider}. */
interface Options {
	readonly onDrift?: OnDrift;
	readonly resourceType?: Partial<ResourceType<GadgetInputs>>;
	readonly limits?: ChangeLimitsByAction;
}

/** Returns the inputs of a gadget `a` in the hall, and further inputs. */
export function declareGadget(rest: Values = {}): Values {
	return { name: "a", place: "hall", ...rest };
}

/** Creates a provider of gadgets. */
export function createGadgetProvider({
	onDrift = "reconcile",
	resourceType,
	limits = {},
}: Options = {}): GadgetProvider {
	const clock = new TestClock();
	const service = new GadgetService(clock.now);
	const warnings: string[] = [];
	const runtime = createRuntimeContext({
		warn: (text) => void warnings.push(text),
		clock,
		limits,
		onDrift: { policy: onDrift, setting: "gadgets:onDrift", isConfigured: true },
	});
	const provider = createResourceProvider({ ...createGadgetType(service), ...resourceType }, runtime);
	const id = (inputs: Values): string => String(inputs["name"]);
	return {
		provider,
		service,
		clock,
		warnings,
		deploy: async (inputs) => (await provider.create(inputs)).outs,
		plan(olds, inputs) {
			// A plan follows a check, the `diff` of a refresh does not.
			runtime.claims.endRefresh();
			return provider.diff(id(olds), olds, inputs);
		},
		redeploy: async (olds, inputs) => (await provider.update(id(olds), olds, inputs)).outs,
	};
}
