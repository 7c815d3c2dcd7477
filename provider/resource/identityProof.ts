import type { Values } from "../values.ts";
import { compare } from "./compare.ts";
import { getDisplayName, type ResourceContext } from "./context.ts";
import { ResourceOperationError } from "./errors.ts";
import { readWithRetry } from "./eventualConsistency.ts";
import { explainWeakIdentity } from "./identity.ts";
import type { LiveObject, Target } from "./resourceType.ts";

/** What the declared identity means for an object in state. */
export interface IdentityDecision {
	/** The inputs that identify another object, so that the one in state is replaced. */
	readonly replaces: readonly string[];
	/** Whether the object is the same and state has to record its identity. */
	readonly isRecorded: boolean;
}

/**
 * Decides whether inputs identify another object than the one in state. If state says nothing about one of them, the object itself is
 * read and compared with the inputs. No object is replaced for a value in state alone.
 *
 * @throws ResourceOperationError IdentityMismatch if the object is not the declared one and nothing else in the program says so
 */
export async function decideReplacement<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
	news: Values,
): Promise<IdentityDecision> {
	const { resourceType } = ctx;
	const { replaces, inconclusive, recorded } = compare(resourceType, {
		state: target.values,
		declared: news,
	}).identity;
	if (inconclusive.length === 0) return { replaces, isRecorded: recorded.length > 0 };
	const live = await readObject(ctx, target);
	// The plan reports an object that is gone, and creates it as it is declared now.
	if (live === undefined) return { replaces: [], isRecorded: false };
	const difference = resourceType.describeOtherObject?.(live, news);
	if (difference === undefined) return { replaces: [], isRecorded: true };
	if (replaces.length > inconclusive.length) return { replaces, isRecorded: false };
	throw new ResourceOperationError(
		"IdentityMismatch",
		`${getDisplayName(ctx, target)} ${difference}. State was written by an earlier release, which did not record this. Nothing was ` +
			"changed. If the declaration is wrong, correct it. If another object is meant, remove this one from the program for one run, " +
			"which deletes it, and declare the other one in the next.",
	);
}

async function readObject<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	target: Target,
): Promise<LiveObject<Inputs> | undefined> {
	const refreshed = ctx.planCache.getRefresh(ctx.resourceType.getKey(target));
	if (refreshed !== undefined && refreshed !== "unchanged") return refreshed;
	const api = ctx.resourceType.connect("read");
	return readWithRetry(ctx, target.values, () => api.get(target));
}

/** Says why an object is replaced although nothing proves that another object is declared. */
export function warnOfWeakIdentity<Inputs extends object>(
	memberContext: ResourceContext<Inputs>,
	target: Target,
	{ news, replaces }: { news: Values; replaces: readonly string[] },
): void {
	const reasons = explainWeakIdentity(memberContext.resourceType.schema, news, replaces);
	if (reasons.length > 0)
		memberContext.runtime.warn(
			`${getDisplayName(memberContext, target)} will be replaced: ${replaces.join(" and ")} differs, and ${reasons.join(" and ")}`,
		);
}
