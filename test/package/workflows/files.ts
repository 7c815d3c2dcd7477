import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { parseAllDocuments } from "yaml";

/** The root of the repository. */
export const ROOT = resolve(__dirname, "../../..");

/** The example whose files a pipeline, or the operator, runs. */
export const EXAMPLE = join(ROOT, "examples/gitops");

/** The example's files that deploy it. */
export const FLEET_YML = join(EXAMPLE, ".github/workflows/fleet.yml");
export const AZURE_PIPELINES_YML = join(EXAMPLE, "azure-pipelines.yml");
export const STACK_YAML = join(EXAMPLE, "stack.yaml");

/** The project's own workflows. */
export const OWN_WORKFLOWS: readonly string[] = readdirSync(join(ROOT, ".github/workflows")).map((name) =>
	join(ROOT, ".github/workflows", name),
);

/** The one of them that publishes. */
export const RELEASE_YML = join(ROOT, ".github/workflows/release.yml");

/** A file of the test's own. */
export function locateWorkflowFixture(name: string): string {
	return join(__dirname, "fixtures", name);
}

/** The documents of a YAML file. Throws where it is no YAML, or names a key twice. */
export function readDocuments(path: string): readonly unknown[] {
	return parseAllDocuments(readFileSync(path, "utf8")).map((document) => {
		for (const error of document.errors) throw error;
		return document.toJS();
	});
}

/** What a value has that its schema does not allow: the place and the complaint, one line each. */
export function findSchemaComplaints(schema: string, value: unknown): readonly string[] {
	const text = readFileSync(join(__dirname, "schemas", `${schema}.json`), "utf8");
	const validate = new Ajv2020({ allErrors: true, strict: false }).compile(JSON.parse(text));
	if (validate(value)) return [];
	return (validate.errors ?? []).map(
		({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
	);
}
