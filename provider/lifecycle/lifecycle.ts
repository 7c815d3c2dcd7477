import { type CheckResult, check } from "./check.ts";
import { type CreateResult, create } from "./create.ts";
import { remove } from "./delete.ts";
import { type DiffResult, diff } from "./diff.ts";
import { type Finding, inspect, type Look } from "./inspect.ts";
import type { Kind, Surroundings, Values } from "./kind.ts";
import type { Life } from "./life.ts";
import { declarationOf, declareChecked, declareLater } from "./ownership.ts";
import { Plans } from "./plans.ts";
import { type ReadResult, read } from "./read.ts";
import { type UpdateResult, update } from "./update.ts";

/** The six verbs of one kind of resource, as Pulumi's provider host calls them, and a look for reports. */
export interface Lifecycle {
	/** Validates and completes inputs. Sends nothing. */
	check(olds: Values, news: Values): Promise<CheckResult>;
	/** Plans: what differs, what replaces, what somebody else changed. Reads only. */
	diff(id: string, olds: Values, news: Values): Promise<DiffResult>;
	/** Makes the object, or says why not. */
	create(inputs: Values): Promise<CreateResult>;
	/** The live object, or an empty id where the service says that there is none. */
	read(id: string, olds: Values): Promise<ReadResult>;
	/** Makes the object as declared. */
	update(id: string, olds: Values, news: Values): Promise<UpdateResult>;
	/** Makes the object go away; one that is gone already counts. */
	delete(id: string, olds: Values): Promise<void>;
	/** What became of the object since these outputs were taken. Reads only, and says nothing. */
	inspect(id: string, outputs: Values, look: Look): Promise<Finding>;
}

/** Puts a kind and its surroundings together into a life. */
export function lifecycle<Inputs extends object>(kind: Kind<Inputs>, around: Surroundings): Lifecycle {
	const life: Life<Inputs> = { kind, around, plans: new Plans<Inputs>() };
	return {
		check: async (olds, news) => checkAndDeclare(life, olds, news),
		diff: (id, olds, news) => diff(life, id, { olds, news }),
		async create(inputs) {
			const { id, outs } = await create(life, inputs as Inputs);
			return { id, outs };
		},
		read: (id, olds) => read(life, id, olds),
		update: (id, olds, news) => update(life, id, { olds, news }),
		delete: (id, olds) => remove(life, id, olds),
		inspect: (id, outputs, look) => inspect(life, { id, values: outputs }, look),
	};
}

/** Checks the inputs; what they declare is remembered, and refused where an earlier plan of this run is about to delete it. */
function checkAndDeclare<Inputs extends object>(life: Life<Inputs>, olds: Values, news: Values): CheckResult {
	life.around.claims.endRefresh();
	const result = check(life.kind, news);
	if (result.failures.length > 0) return result;
	const declaration = declarationOf(life, { olds, news: result.inputs });
	if (declaration !== undefined) return declareChecked(life, result, declaration);
	declareLater(life, result.inputs);
	return result;
}
