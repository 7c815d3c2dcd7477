import { type Comparison, compare } from "./compare.ts";
import { getDisplayName, getEtag, type ResourceContext } from "./context.ts";
import { createFieldDifference, type FieldDifference, needsReconcile } from "./drift.ts";
import { describeDeletion, formatChange, formatNotice, formatRecreation } from "./driftMessages.ts";
import { ResourceOperationError } from "./errors.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import type { ObservedObject } from "./planCache.ts";
import type { Consistency, ResourceApi, ResourceType, Target } from "./resourceType.ts";
import { type FieldValue, listFieldNames } from "./schema.ts";

/** How to look at an object for a report, and what of it may be seen. */
export interface InspectOptions {
	/** How recent the answer must be. */
	readonly consistency: Consistency;
	/** Paths of outputs that nobody could decrypt: they are never compared. Default: none. */
	readonly encryptedPaths?: readonly string[];
	/** A value as the report may show it. Default: as it is. */
	readonly redact?: (value: FieldValue) => FieldValue;
}

/** What became of an object since the last deployment. */
export interface InspectResult {
	readonly status: "unchanged" | "changed" | "deleted" | "recreated";
	/** How messages name the object: `gw-1`. */
	readonly label: string;
	/** The declared fields that somebody else changed, those included that an earlier refresh took into state. */
	readonly differences: readonly FieldDifference[];
	/** The id of a later object that stands for the same thing, where this one is gone. */
	readonly successor?: string;
	/** What plans and refreshes say of it; absent where nothing changed. */
	readonly message?: string;
}

/**
 * Compares an object with what state has of it, for a report: nothing is written, said or remembered.
 *
 * @throws ResourceOperationError AddressWithheld where state tells only encrypted which object is meant
 */
export async function inspectResource<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	options: InspectOptions,
): Promise<InspectResult> {
	requireAddress(ctx, target, options);
	const api = ctx.resourceType.connect("read");
	const outputs = target.values;
	const observed = await readWithRetry(ctx, outputs, () =>
		api.getIfChanged(target, getEtag(outputs), options.consistency),
	);
	return observed === undefined
		? inspectMissing(ctx, target, { api, options })
		: inspectFound(ctx, target, { observed, options });
}

/** An object that is there, and is what was deployed or not. */
function inspectFound<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ observed, options }: { observed: ObservedObject<Inputs>; options: InspectOptions },
): InspectResult {
	const comparison = compare(ctx.resourceType, { state: target.values, live: observed });
	const differences = listDifferences(comparison, options);
	const result = { label: ctx.resourceType.getLabel(target), differences };
	if (comparison.wasRecreated) {
		return { status: "recreated", ...result, message: formatRecreation(ctx, target, differences) };
	}
	const live = observed === "unchanged" ? undefined : observed;
	const notice = live && ctx.resourceType.messages.formatRefreshNote?.(live, target.values);
	const messages = [
		...(differences.length === 0 ? [] : [formatChange(ctx, target, differences)]),
		...(notice === undefined ? [] : [formatNotice(ctx, target, notice)]),
	];
	return messages.length === 0
		? { status: "unchanged", ...result }
		: { status: "changed", ...result, message: messages.join("\n") };
}

async function inspectMissing<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	{ api, options }: { api: ResourceApi<Inputs>; options: InspectOptions },
): Promise<InspectResult> {
	// Without all that identifies the thing, another one would be taken for it.
	const isIdentityKnown = listEncryptedIdentity(ctx.resourceType, options).length === 0;
	const successor = isIdentityKnown ? await api.findReplacement?.(target).catch(() => undefined) : undefined;
	return {
		status: "deleted",
		label: ctx.resourceType.getLabel(target),
		differences: [],
		...(successor === undefined ? {} : { successor }),
		message: await describeDeletion(ctx, target, { findReplacement: async () => successor }),
	};
}

/** Lists what changed since the last deployment, which may lie before the refresh that state was taken by. */
function listDifferences<Inputs extends object>(
	{ refreshedDrift, driftSinceDeployment }: Comparison<Inputs>,
	{ encryptedPaths = [], redact = (fieldValue) => fieldValue }: InspectOptions,
): readonly FieldDifference[] {
	const { pending } = refreshedDrift;
	const fresh = driftSinceDeployment.filter(({ path }) => !pending.some((earlier) => earlier.path === path));
	return [...pending, ...fresh.filter(needsReconcile)]
		.filter(({ path }) => !encryptedPaths.some((encrypted) => overlapsPath(encrypted, path)))
		.map(({ path, last, live, declared }) =>
			createFieldDifference(path, {
				last: last && redact(last),
				live: live && redact(live),
				declared: declared && redact(declared),
			}),
		);
}

/** An object can't be looked for where its address is encrypted: another one would be found, or none. */
function requireAddress<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	options: InspectOptions,
): void {
	const { schema } = ctx.resourceType;
	const names = listEncryptedIdentity(ctx.resourceType, options).filter((name) => !schema[name].writeOnly);
	if (names.length === 0) return;
	throw new ResourceOperationError(
		"AddressWithheld",
		`${getDisplayName(ctx, target)} can't be looked for: ${names.join(" and ")} of it is encrypted in this state. Export the ` +
			"state with --show-secrets.",
	);
}

function listEncryptedIdentity<Inputs extends object>(
	{ schema }: ResourceType<Inputs>,
	{ encryptedPaths = [] }: InspectOptions,
): readonly (keyof Inputs & string)[] {
	return listFieldNames(schema, "requiresReplace").filter((name) =>
		encryptedPaths.some((at) => overlapsPath(at, name)),
	);
}

/** Whether one path is the other, or lies within it. */
function overlapsPath(a: string, b: string): boolean {
	return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
