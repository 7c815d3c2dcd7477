import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { parseAllDocuments } from "yaml";

/** The root of the repository. */
export const ROOT = resolve(__dirname, "../../..");

/** The example whose files a pipeline or the operator runs. */
export const EXAMPLE = join(ROOT, "examples/gitops");

/** The files of the example that deploy it. */
export const FLEET_YML = join(EXAMPLE, ".github/workflows/fleet.yml");
export const AZURE_PIPELINES_YML = join(EXAMPLE, "azure-pipelines.yml");
export const STACK_YAML = join(EXAMPLE, "stack.yaml");

/** The project's own workflows. */
export const OWN_WORKFLOWS: readonly string[] = readdirSync(join(ROOT, ".github/workflows")).map((name) =>
	join(ROOT, ".github/workflows", name),
);

/** The workflow that publishes releases. */
export const RELEASE_YML = join(ROOT, ".github/workflows/release.yml");

/** Returns the path of a fixture of these tests. */
export function locateWorkflowFixture(name: string): string {
	return join(__dirname, "fixtures", name);
}

/** Returns the documents of a YAML file. Throws if it is not YAML or has a key twice. */
export function readDocuments(path: string): readonly unknown[] {
	return parseAllDocuments(readFileSync(path, "utf8")).map((document) => {
		for (const error of document.errors) throw error;
		return document.toJS();
	});
}

/** Returns the schema violations of a value, one line each with path and message. */
export function findSchemaComplaints(schema: string, value: unknown): readonly string[] {
	const text = readFileSync(join(__dirname, "schemas", `${schema}.json`), "utf8");
	const validate = new Ajv2020({ allErrors: true, strict: false }).compile(JSON.parse(text));
	if (validate(value)) return [];
	return (validate.errors ?? []).map(
		({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
	);
}
