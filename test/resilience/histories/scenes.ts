import type { InspectResult } from "../../../provider/resource/inspect.ts";
import type { Plan, State } from "../../contract/harness/resource.ts";
import type { Operation } from "./operation.ts";
import type { OnDrift } from "./steps.ts";

/** The result of an attempt and the messages during it. */
export type Outcome<Result> = ({ readonly result: Result } | { readonly error: Error }) & {
	readonly said: readonly string[];
};

/** The types of a resource type's histories. */
export interface Terms {
	readonly program: object;
	/** One object at the service. */
	readonly sight: object;
	/** Everything at the service that a resource may deal with. */
	readonly view: unknown;
	/** A change there by somebody else. */
	readonly outside: object;
}

/** The input of a plan. */
export interface PlanScene<Kind extends Terms> {
	readonly state: State | undefined;
	readonly program: Kind["program"];
	readonly onDrift: OnDrift;
	readonly adopt: boolean;
}

/** The input of an apply. */
export interface ApplyScene<Kind extends Terms> extends PlanScene<Kind> {
	readonly step: Plan["step"];
	readonly operation: Operation<Kind["sight"]>;
	/** The service at the time of the plan, and when the plan is applied. */
	readonly planned: Kind["view"];
	readonly before: Kind["view"];
	/** The state afterwards. */
	readonly after: State | undefined;
}

/** The input of a refresh. */
export interface RefreshScene<Kind extends Terms> {
	readonly operation: Operation<Kind["sight"]>;
	readonly state: State;
	readonly after: State | undefined;
}

/** The input of a deletion. */
export interface DestroyScene<Kind extends Terms> extends RefreshScene<Kind> {
	readonly before: Kind["view"];
}

/** Compares everything that a resource does and reports with its promises; fails if one is broken. */
export interface Judging<Kind extends Terms> {
	plan(outcome: Outcome<Plan>, scene: PlanScene<Kind>): void;
	apply(outcome: Outcome<void>, scene: ApplyScene<Kind>): void;
	refresh(outcome: Outcome<void>, scene: RefreshScene<Kind>): void;
	destroy(outcome: Outcome<void>, scene: DestroyScene<Kind>): void;
	inspect(finding: InspectResult, state: State): void;
}

/** Formats an outcome for an assertion. */
export function formatOutcome(outcome: Outcome<unknown>): string {
	return "error" in outcome ? outcome.error.message : JSON.stringify([outcome.result, ...outcome.said]);
}
