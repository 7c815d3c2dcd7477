/**
 * The API through which tests and the demo run whole Pulumi operations: on the CLI if it is installed, or else on a
 * stand-in that does what Pulumi's engine does.
 *
 *     const engine = await findEngine();
 *     const stack = await engine.open({ root: "examples/fleet", config: { hub: "…" } });
 *     const outcome = await stack.up();
 *     assert.equal(outcome.exitCode, 0, outcome.output);
 */
export { findCli, findEngine } from "./cli/cli.ts";
export type { Deployment, Json, PendingOperation, ResourceV3 } from "./deployment.ts";
export {
	type ConfigValue,
	type Diagnostic,
	type Engine,
	EXIT_CHANGES,
	EXIT_FAILED,
	type Operation,
	type OperationOptions,
	type Outcome,
	type ProjectSpec,
	type Stack,
} from "./engine.ts";
export type { EngineEvent, Op, Severity } from "./events/engineEvent.ts";
export { createStandInApart } from "./standIn/apart/apart.ts";
export { createStandIn } from "./standIn/standIn.ts";
