import { isAnother } from "./drift.ts";
import { namesWithRole } from "./facets.ts";
import { insist, isFresh } from "./insist.ts";
import type { Live, Values } from "./kind.ts";
import { type Life, naming } from "./life.ts";
import { pick } from "./merge.ts";
import { outputsOf } from "./outputs.ts";
import { plain } from "./plain.ts";
import { DECLARED, declaredPaths, renewDeclared } from "./record.ts";

/** What Pulumi expects of `read`; an empty id says that the object is gone. */
export interface ReadResult {
	id: string;
	props: Record<string, unknown>;
	inputs?: Record<string, unknown>;
}

/** The live object as outputs, and its declared fields as inputs so that a refresh names what differs. */
export async function read<Inputs extends object>(
	life: Life<Inputs>,
	id: string,
	olds: Values,
): Promise<ReadResult> {
	const { kind } = life;
	const target = { id, values: olds };
	const remote = kind.connect("read");
	const look = () => remote.find(target);
	const live = await (isFresh(kind, olds, life.around.now())
		? insist(life.around, "expected", look)
		: look());
	if (live === undefined) return { id: "", props: {} };
	life.plans.refresh(kind.key(target), live);
	if (isAnother(kind, olds, live)) {
		life.around.say(
			`${naming(life, id)} was deleted and created again outside Pulumi since the last deployment; ` +
				`its generated keys and scope are new`,
		);
	}
	return { id, props: refreshed(life, live, olds), inputs: liveInputs(life, live, olds) };
}

function refreshed<Inputs extends object>(
	{ kind }: Life<Inputs>,
	live: Live<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const declared = renewDeclared(kind.fields, olds, live.values as Values);
	return plain({ ...outputsOf(kind, live, olds), [DECLARED]: declared });
}

function liveInputs<Inputs extends object>(
	{ kind }: Life<Inputs>,
	live: Live<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const kept = [...namesWithRole(kind.fields, "identity"), ...namesWithRole(kind.fields, "policy")];
	return plain({
		...Object.fromEntries(kept.map((name) => [name, olds[name]])),
		...pick(live.values as Values, declaredPaths(olds)),
	});
}
