import type { InspectResult } from "../../../provider/resource/inspect.ts";
import type { Plan, State } from "../../contract/harness/resource.ts";
import type { Operation } from "./operation.ts";
import type { OnDrift } from "./steps.ts";

/** How an attempt ended, and what was said meanwhile. */
export type Outcome<Result> = ({ readonly result: Result } | { readonly error: Error }) & {
	readonly said: readonly string[];
};

/** What the histories of a kind of resource are about, as types. */
export interface Terms {
	readonly program: object;
	/** One object as the service has it. */
	readonly sight: object;
	/** All that a resource may have to do with at the service. */
	readonly view: unknown;
	/** What somebody else does there. */
	readonly outside: object;
}

/** What a plan was made of. */
export interface PlanScene<Kind extends Terms> {
	readonly state: State | undefined;
	readonly program: Kind["program"];
	readonly onDrift: OnDrift;
	readonly adopt: boolean;
}

/** What a plan was applied to. */
export interface ApplyScene<Kind extends Terms> extends PlanScene<Kind> {
	readonly step: Plan["step"];
	readonly operation: Operation<Kind["sight"]>;
	/** The service as the plan saw it, and as it is when the plan is applied. */
	readonly planned: Kind["view"];
	readonly before: Kind["view"];
	/** The state afterwards. */
	readonly after: State | undefined;
}

/** What a refresh was about. */
export interface RefreshScene<Kind extends Terms> {
	readonly operation: Operation<Kind["sight"]>;
	readonly state: State;
	readonly after: State | undefined;
}

/** What a deletion was about. */
export interface DestroyScene<Kind extends Terms> extends RefreshScene<Kind> {
	readonly before: Kind["view"];
}

/** Holds everything that a resource does and says against its promises; fails where one is broken. */
export interface Judging<Kind extends Terms> {
	plan(outcome: Outcome<Plan>, scene: PlanScene<Kind>): void;
	apply(outcome: Outcome<void>, scene: ApplyScene<Kind>): void;
	refresh(outcome: Outcome<void>, scene: RefreshScene<Kind>): void;
	destroy(outcome: Outcome<void>, scene: DestroyScene<Kind>): void;
	inspect(finding: InspectResult, state: State): void;
}

/** An outcome in the words of an assertion. */
export function formatOutcome(outcome: Outcome<unknown>): string {
	return "error" in outcome ? outcome.error.message : JSON.stringify([outcome.result, ...outcome.said]);
}
