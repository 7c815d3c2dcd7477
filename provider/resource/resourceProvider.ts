import type { Values } from "../values.ts";
import { type CheckResult, check } from "./check.ts";
import type { ResourceContext, RuntimeContext } from "./context.ts";
import { type CreateResult, create } from "./create.ts";
import { deleteObject } from "./delete.ts";
import { type DiffResult, diff } from "./diff.ts";
import { type InspectOptions, type InspectResult, inspectResource } from "./inspect.ts";
import { warnOfAdoption } from "./oneTimeActions.ts";
import { createDeclaration, declareUnresolved, registerDeclaration } from "./ownership.ts";
import { PlanCache } from "./planCache.ts";
import { checkSignIn, isPreviewOfNewResource } from "./preview.ts";
import { type ReadResult, read } from "./read.ts";
import type { ResourceType } from "./resourceType.ts";
import { type UpdateResult, update } from "./update.ts";

/** The operations on one resource type that Pulumi's provider host calls, and `inspectResource` for reports. */
export interface ResourceProvider {
	/** Validates and completes inputs. Sends no request, except the sign-in in a preview of a new object. */
	check(olds: Values, news: Values): Promise<CheckResult>;
	/** Plans an update or a replacement, and reports drift. Writes nothing to the service. */
	diff(id: string, olds: Values, news: Values): Promise<DiffResult>;
	/** Creates the object. */
	create(inputs: Values): Promise<CreateResult>;
	/** Returns the live object, or an empty id if the service says that it does not exist. */
	read(id: string, olds: Values): Promise<ReadResult>;
	/** Updates the object to its declaration. */
	update(id: string, olds: Values, news: Values): Promise<UpdateResult>;
	/** Deletes the object; one that is gone already counts as deleted. */
	delete(id: string, olds: Values): Promise<void>;
	/** Compares the object with these outputs. Writes and logs nothing. */
	inspectResource(id: string, outputs: Values, options: InspectOptions): Promise<InspectResult>;
}

/** Creates the Pulumi resource provider for a resource type. */
export function createResourceProvider<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	runtime: RuntimeContext,
): ResourceProvider {
	const ctx: ResourceContext<Inputs> = { resourceType, runtime, planCache: new PlanCache<Inputs>() };
	return {
		async check(olds, news) {
			const result = checkAndDeclare(ctx, olds, news);
			if (!isPreviewOfNewResource(olds, news)) return result;
			const checked = await checkSignIn(resourceType, result);
			if (checked.failures.length === 0) warnOfAdoption(ctx, checked.inputs);
			return checked;
		},
		diff: (id, olds, news) => diff(ctx, id, { olds, news }),
		async create(inputs) {
			const { id, outs } = await create(ctx, inputs as Inputs);
			return { id, outs };
		},
		read: (id, olds) => read(ctx, id, olds),
		update: (id, olds, news) => update(ctx, id, { olds, news }),
		delete: (id, olds) => deleteObject(ctx, id, olds),
		inspectResource: (id, outputs, options) => inspectResource(ctx, { id, values: outputs }, options),
	};
}

/** Checks the inputs and registers what they declare; fails if an earlier plan of this run is about to delete it. */
function checkAndDeclare<Inputs extends object>(
	ctx: ResourceContext<Inputs>,
	olds: Values,
	news: Values,
): CheckResult {
	ctx.runtime.claims.endRefresh();
	const result = check(ctx.resourceType, news);
	if (result.failures.length > 0) return result;
	const declaration = createDeclaration(ctx, { olds, news: result.inputs });
	if (declaration !== undefined) return registerDeclaration(ctx, result, declaration);
	declareUnresolved(ctx, result.inputs);
	return result;
}
