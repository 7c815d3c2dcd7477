import type { Difference } from "./drift.ts";
import type { Remote, Target } from "./kind.ts";
import { type Life, naming } from "./life.ts";
import { threeWay } from "./report.ts";

const SINCE = "outside Pulumi since the last deployment";

/** `Gadget a was changed outside Pulumi since the last deployment`, with a line for each difference. */
export function changeTold<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	differences: readonly Difference[],
): string {
	const what = life.kind.words.changed(differences.map(({ path }) => path));
	return `${naming(life, target)} ${what} ${SINCE}:\n${threeWay(differences)}`;
}

/** `Gadget a was deleted and created again …`, with a line for each difference, if there is any. */
export function recreationTold<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	differences: readonly Difference[] = [],
): string {
	const detail = differences.length === 0 ? "" : `:\n${threeWay(differences)}`;
	const { reborn } = life.kind.words;
	return `${naming(life, target)} was deleted and created again ${SINCE}; ${reborn}${detail}`;
}

/** `Gadget a was deleted …`, and under which id the same thing is there again, where that is so. */
export async function deletionTold<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	remote: Pick<Remote<Inputs>, "successor">,
): Promise<string> {
	const successor = await remote.successor?.(target).catch(() => undefined);
	const again = successor === undefined ? "" : `, and the same one is there again as ${successor}`;
	return `${naming(life, target)} was deleted ${SINCE}${again}`;
}

/** Something that a refresh noticed: `Gadget a had its pin changed …`. */
export function noticeTold<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	notice: string,
): string {
	return `${naming(life, target)} ${notice}`;
}
