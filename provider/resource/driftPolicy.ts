import type { Values } from "../values.ts";
import type { OnDrift, ResourceContext } from "./context.ts";
import { ResourceOperationError } from "./errors.ts";

/** A change by somebody else that the policy may forbid to undo. */
export interface DriftReport {
	readonly code: "DriftRefused" | "DeletedElsewhere" | "RecreatedElsewhere";
	/** What happened to the object. */
	readonly message: string;
	/** Whether the same device or machine exists under another id, so that it can only be adopted, not created again. */
	readonly hasReplacement?: boolean;
}

/** Returns what to do about drift: the policy of the resource, or else that of the stack. */
export function resolveOnDrift<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	inputs: Values,
): OnDrift {
	return readDeclaredPolicy(inputs) ?? runtime.onDrift.policy;
}

function readDeclaredPolicy(inputs: Values): OnDrift | undefined {
	const declared = inputs["onDrift"];
	return declared === "fail" || declared === "reconcile" ? declared : undefined;
}

/** Whether this `diff` belongs to a refresh. A refresh writes nothing, so nothing is refused or counted. */
export function isRefreshing<Inputs extends object>({
	runtime,
}: Pick<ResourceContext<Inputs>, "runtime">): boolean {
	return runtime.claims.isRefreshing;
}

/**
 * Throws if the policy refuses drift, with advice on what to do. The advice is the same for all members of a fleet, so it is not part
 * of their messages and is shown once.
 */
export function refuseDrift<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	inputs: Values,
	report: DriftReport,
): void {
	if (isRefreshing(ctx) || resolveOnDrift(ctx, inputs) === "reconcile") return;
	const advice = `Nothing was written, because onDrift is "fail". ${suggestWaysOut(ctx, inputs, report)}`;
	const { code, message } = report;
	if (ctx.holder === undefined) throw new ResourceOperationError(code, `${message}\n${advice}`);
	throw new ResourceOperationError(code, message, undefined, advice);
}

/**
 * Suggests what to do about each kind of drift. `pulumi refresh` skips a resource whose replacement was interrupted
 * (`pendingReplacement`), so such a resource needs a run under the other policy.
 */
function suggestWaysOut<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	inputs: Values,
	{ code, hasReplacement }: DriftReport,
): string {
	const isMember = ctx.holder !== undefined;
	const owner = isMember ? "the fleet" : "the resource";
	const interrupted = `If a replacement of ${owner} was interrupted, a refresh skips it. In that case, `;
	switch (code) {
		case "DriftRefused":
			return (
				"To keep the change, declare the current values and run `pulumi up`, which then writes nothing. To undo it, " +
				`restore the object yourself, or ${suggestReconciling(ctx, inputs, owner)} and run \`pulumi up\`.`
			);
		case "DeletedElsewhere":
			return (
				`To create it again, run \`pulumi refresh\`, which drops it from state, and then \`pulumi up\`${hasReplacement ? ` with \`adopt: true\` on ${owner}` : ""}. ` +
				`To leave it deleted, run \`pulumi refresh\` and remove it from the program. ${interrupted}` +
				`${suggestReconciling(ctx, inputs, owner)} and run \`pulumi up\`.`
			);
		case "RecreatedElsewhere":
			return (
				"To take over the new one, run `pulumi refresh` and then `pulumi up`. " +
				(isMember
					? ""
					: "To leave it alone, remove it from the program and run `pulumi state delete` for the resource. ") +
				`${interrupted}set \`onDrift: "reconcile"\` and \`adopt: true\` on ${owner} and run \`pulumi up\`.`
			);
	}
}

/** Suggests how to let one run write declared values back, for each setting that forbids it. */
function suggestReconciling<Inputs extends object>(
	{ runtime }: ResourceContext<Inputs>,
	inputs: Values,
	owner: string,
): string {
	const { setting, isConfigured, variable, isFromProvider } = runtime.onDrift;
	if (readDeclaredPolicy(inputs) !== undefined || (!isConfigured && variable === undefined))
		return `set \`onDrift: "reconcile"\` on ${owner} for one run`;
	const configureReconciling = isFromProvider
		? `set the provider's argument \`"${setting}": "reconcile"\``
		: `run \`pulumi config set ${setting} reconcile\``;
	const steps = [
		...(isConfigured ? [configureReconciling] : []),
		...(variable === undefined ? [] : [`unset the environment variable ${variable}`]),
	];
	return steps.join(" and ");
}
