import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";

/** What a value has that its schema does not allow: the place and the complaint, one line each. */
export function findSchemaComplaints(schema: string, value: unknown): readonly string[] {
	const text = readFileSync(join(__dirname, "schemas", `${schema}.json`), "utf8");
	const validate = new Ajv2020({ allErrors: true, strict: false }).compile(JSON.parse(text));
	if (validate(value)) return [];
	return (validate.errors ?? []).map(
		({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
	);
}
