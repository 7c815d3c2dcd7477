import type { FleetKind } from "./kind.ts";
import { below } from "./told.ts";

/** Does the work with a kind whose members speak to a list, and says at the end what they said, as one text that can be read. */
export async function gathered<Inputs extends object, Result>(
	kind: FleetKind<Inputs>,
	work: (quiet: FleetKind<Inputs>) => Promise<Result>,
): Promise<Result> {
	const { life } = kind;
	return inOneText(life.around.say, (say) =>
		work({ ...kind, life: { ...life, around: { ...life.around, say } } }),
	);
}

/** Does work on many objects, and says at the end, as one text that can be read, what there was to say. */
export async function inOneText<Result>(
	say: (text: string) => void,
	work: (hear: (text: string) => void) => Promise<Result>,
): Promise<Result> {
	const said: string[] = [];
	const result = await work((text) => void said.push(text));
	if (said.length > 0) say(below(said));
	return result;
}
