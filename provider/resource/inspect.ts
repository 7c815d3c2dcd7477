import { type Comparison, compare } from "./compare.ts";
import { getDisplayName, getEtag, type ResourceContext } from "./context.ts";
import { createFieldDifference, type FieldDifference, needsReconcile } from "./drift.ts";
import { describeDeletion, formatChange, formatNotice, formatRecreation } from "./driftMessages.ts";
import { ResourceOperationError } from "./errors.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import type { ObservedObject } from "./planCache.ts";
import type { Consistency, ResourceApi, ResourceType, Target } from "./resourceType.ts";
import { type FieldValue, listFieldNames } from "./schema.ts";

/** How to read an object for a report, and which of its values the report may show. */
export interface InspectOptions {
	/** How recent the response must be. */
	readonly consistency: Consistency;
	/** Paths of outputs that could not be decrypted, which are never compared. Default: none. */
	readonly encryptedPaths?: readonly string[];
	/** Returns a value as the report may show it. Default: the value itself. */
	readonly redact?: (value: FieldValue) => FieldValue;
}

/** How an object differs from its last deployment. */
export interface InspectResult {
	readonly status: "unchanged" | "changed" | "deleted" | "recreated";
	/** How messages name the object: `gw-1`. */
	readonly label: string;
	/** The declared fields that somebody else changed, including those that an earlier refresh took into state. */
	readonly differences: readonly FieldDifference[];
	/** The id of a later object for the same device or machine, if this one is gone. */
	readonly successor?: string;
	/** The message that plans and refreshes show about the change; absent if nothing changed. */
	readonly message?: string;
}

/**
 * Compares an object with state for a report. It writes, logs and caches nothing.
 *
 * @throws ResourceOperationError AddressWithheld if the object's address is encrypted in state
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
	// If part of its identity is unknown, another object could be mistaken for its replacement.
	const isIdentityKnown = listEncryptedIdentity(ctx.resourceType, options).length === 0;
	const successor = isIdentityKnown ? await api.findReplacement?.(target).catch(() => undefined) : undefined;
	return {
		status: "deleted",
		label: ctx.resourceType.getLabel(target),
		differences: [],
		...(successor === undefined ? {} : { successor }),
		message: (await describeDeletion(ctx, target, { findReplacement: async () => successor })).message,
	};
}

/** Lists what changed since the last deployment, including changes that a later refresh recorded in state. */
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

/** Throws if the object's address is encrypted: a read would find another object, or none. */
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
		`${getDisplayName(ctx, target)} cannot be located: its ${names.join(" and ")} ${names.length === 1 ? "is" : "are"} encrypted in this ` +
			"state. Export the state with --show-secrets.",
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

/** Whether the paths are equal, or one contains the other. */
function overlapsPath(a: string, b: string): boolean {
	return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
