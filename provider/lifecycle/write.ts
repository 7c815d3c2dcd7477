import { holds } from "./drift.ts";
import { LifecycleError } from "./errors.ts";
import { facetsOf } from "./facets.ts";
import type { Live, Remote, Target, Values } from "./kind.ts";
import { type Life, naming } from "./life.ts";
import { AnswerLost, HalfDone, PreconditionFailed } from "./outcome.ts";
import { Patience } from "./patience.ts";
import { unsettled } from "./unsettled.ts";

/** A conditional write: what to write over which version of which object. */
export interface Write<Inputs> {
	readonly remote: Remote<Inputs>;
	readonly target: Target;
	readonly desired: Inputs;
	readonly base: Live<Inputs>;
}

/**
 * Writes under the base's etag until there is an answer. After a lost answer the object is read: an unmoved etag
 * means that the write was not carried out, and it is sent again; a moved one is ours if everything we wrote is
 * there, and somebody else's if not.
 */
export async function writeSettled<Inputs extends object>(
	life: Life<Inputs>,
	write: Write<Inputs>,
): Promise<Live<Inputs>> {
	const patience = new Patience(life.around);
	let { base } = write;
	let lost: AnswerLost | undefined;
	for (;;) {
		try {
			return await write.remote.write(write.desired, base);
		} catch (error) {
			const again = lostAnswer(error);
			lost = again ?? (error instanceof PreconditionFailed ? lost : undefined);
			if (lost === undefined) throw error;
			if (error instanceof HalfDone) base = error.live as Live<Inputs>;
			if (again !== undefined) await patience.pause(again);
			const found = await find(life, write, lost);
			if (found.etag === base.etag) patience.again(lost);
			else if (isOurs(life, write, { found, values: write.desired as Values })) return found;
			else base = stepTaken(life, write, { found, values: lost.step });
		}
	}
}

function lostAnswer(error: unknown): AnswerLost | undefined {
	if (error instanceof AnswerLost) return error;
	return error instanceof HalfDone && error.cause instanceof AnswerLost ? error.cause : undefined;
}

async function find<Inputs extends object>(
	life: Life<Inputs>,
	{ remote, target }: Write<Inputs>,
	lost: Error,
): Promise<Live<Inputs>> {
	const found = await remote.find(target).catch((cause: unknown) => {
		throw unsettled(life, target, { done: "updated", lost, cause, next: ": the plan shows what is so." });
	});
	if (found !== undefined) return found;
	throw new LifecycleError(
		"DeletedElsewhere",
		`${naming(life, target)} was deleted by somebody else while it was being updated. Run the command again: ` +
			`the next plan creates it.`,
	);
}

/** What an object should look like if a write of ours was carried out, and what it looks like. */
interface Trace<Inputs> {
	readonly found: Live<Inputs>;
	readonly values: Values | undefined;
}

function isOurs<Inputs extends object>(
	{ kind }: Life<Inputs>,
	{ base }: Write<Inputs>,
	{ found, values }: Trace<Inputs>,
): boolean {
	if (values === undefined || found.incarnation !== base.incarnation) return false;
	return holds(facetsOf(kind.fields, values), facetsOf(kind.fields, found.values as Values));
}

/** The object after the first of two writes, if that is what it is; else somebody else's. */
function stepTaken<Inputs extends object>(
	life: Life<Inputs>,
	write: Write<Inputs>,
	trace: Trace<Inputs>,
): Live<Inputs> {
	if (isOurs(life, write, trace)) return trace.found;
	throw new PreconditionFailed("the object has another etag and is not as it was written");
}
