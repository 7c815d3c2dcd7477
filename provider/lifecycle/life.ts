import type { Kind, OnDrift, Surroundings, Target, Values } from "./kind.ts";
import type { Plans } from "./plans.ts";
import type { Holder } from "./recordMark.ts";

/** A kind of resource together with everything that its verbs share. */
export interface Life<Inputs extends object> {
	readonly kind: Kind<Inputs>;
	readonly around: Surroundings;
	readonly plans: Plans<Inputs>;
	/**
	 * For objects that a run makes by the thousand: one that proves to be of the same making, is just as its creation left it,
	 * and is not older than so many milliseconds is what an interrupted run made. Without it such an object is somebody else's.
	 */
	readonly resumes?: number;
	/** The record that holds the objects, where one record holds many: a fleet's. Without it each object has a record of its own. */
	readonly holder?: Holder;
	/** Set where Pulumi's own display shows nothing of the objects, so that a refresh has to tell what changed. */
	readonly hidden?: true;
}

/** What to do about drift: the resource's own word, else the stack's. */
export function onDriftOf<Inputs extends object>({ around }: Life<Inputs>, inputs: Values): OnDrift {
	const own = inputs["onDrift"];
	return own === "fail" || own === "reconcile" ? own : around.onDrift();
}

/** The etag under which the outputs were taken. */
export function etagOf(outputs: Values): string {
	const etag = outputs["etag"];
	return typeof etag === "string" ? etag : "";
}

/** The inputs with all that is worked out from them. */
export function derived<Inputs extends object>({ kind }: Life<Inputs>, inputs: Values): Values {
	return kind.derive?.(inputs) ?? inputs;
}

/** Counts what these inputs would do to the object, and throws where the stack allows no more of it. */
export function countRisks<Inputs extends object>(life: Life<Inputs>, target: Target, inputs: Values): void {
	const { kind, around } = life;
	for (const risk of kind.risks(target.values, inputs)) {
		around.guard.count(risk, kind.key(target), naming(life, target));
	}
}

/** How messages name an object: `DeviceIdentity gw-1`. */
export function naming<Inputs extends object>({ kind }: Life<Inputs>, target: Target): string {
	return `${kind.title} ${kind.label(target)}`;
}
