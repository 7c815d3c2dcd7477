import type { JsonObject } from "../json.ts";
import { readChoiceField, readTextField } from "./bodyFields.ts";
import { type Condition, readCondition } from "./condition.ts";
import { createArgumentError } from "./hubError.ts";
import type { Switches } from "./switches.ts";

const MODES = [
	"create",
	"update",
	"updateIfMatchETag",
	"createOrUpdate",
	"createOrUpdateIfMatchETag",
	"delete",
	"deleteIfMatchETag",
	"updateTwin",
	"updateTwinIfMatchETag",
] as const;

/** The action of a bulk item, and its condition. */
export interface BulkMode {
	readonly action: "create" | "update" | "createOrUpdate" | "delete" | "updateTwin";
	readonly condition: Condition;
}

const ANY: Condition = { kind: "any" };

/**
 * Reads an item's `importMode`, whatever its case. Only the modes that end in `IfMatchETag` check the etag; without an
 * etag they have no condition.
 */
export function readBulkMode(item: JsonObject, { bulkCreateOrUpdate }: Switches): BulkMode {
	const mode =
		readChoiceField(item, "importMode", MODES) ?? (bulkCreateOrUpdate ? "createOrUpdate" : "create");
	const isConditional = mode.endsWith("IfMatchETag");
	const action = mode.replace("IfMatchETag", "") as BulkMode["action"];
	if (action === "createOrUpdate" && !bulkCreateOrUpdate)
		throw createArgumentError(`importMode '${mode}' is not known`);
	if (!isConditional) return { action, condition: ANY };
	const etag = readTextField(item, action === "updateTwin" ? "twinETag" : "eTag");
	const condition = readCondition(etag);
	const isNamed = condition.kind === "etag" || condition.kind === "any";
	return { action, condition: isNamed ? quoteCondition(condition) : ANY };
}

/** Adds the quotes that an etag in an item does not have, so that the switch about unquoted headers does not affect it. */
function quoteCondition(condition: Condition): Condition {
	return condition.kind === "etag" ? { ...condition, quoted: true } : condition;
}
