import type { FleetKind } from "./kind.ts";
import { below } from "./told.ts";

/** Does the work with a kind whose members speak to a list, and says at the end what they said, as one text that can be read. */
export async function gathered<Inputs extends object, Result>(
	kind: FleetKind<Inputs>,
	work: (quiet: FleetKind<Inputs>) => Promise<Result>,
): Promise<Result> {
	const said: string[] = [];
	const around = { ...kind.life.around, say: (text: string) => void said.push(text) };
	const result = await work({ ...kind, life: { ...kind.life, around } });
	if (said.length > 0) kind.life.around.say(below(said));
	return result;
}
