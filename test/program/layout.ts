import { mkdir, mkdtemp, readdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A program with the files of its author: the names are those of `pulumi new` and of Node.js itself. */
export interface Layout {
	readonly title: string;
	readonly files: Readonly<Record<string, string>>;
	/** The content of package.json besides the name. */
	readonly manifest: Readonly<Record<string, unknown>>;
	/** The packages that a TypeScript program installs; no other program needs any. */
	readonly tools?: Readonly<Record<string, string>>;
}

const TSCONFIG = {
	compilerOptions: {
		strict: true,
		outDir: "bin",
		target: "es2020",
		module: "nodenext",
		moduleResolution: "nodenext",
		sourceMap: true,
		experimentalDecorators: true,
		pretty: true,
		noFallthroughCasesInSwitch: true,
		noImplicitReturns: true,
		forceConsistentCasingInFileNames: true,
	},
	files: ["index.ts"],
};

const TYPESCRIPT_FILES = {
	"index.ts": `import * as pulumi from "@pulumi/pulumi";
import { DeviceIdentity, type DeviceIdentityArgs } from "pulumi-device-identity";

const args: DeviceIdentityArgs = { status: "disabled", statusReason: "spare" };
const gateway = new DeviceIdentity("gateway", { capabilities: { iotEdge: true } });
const sensor = new DeviceIdentity("sensor", { ...args, deviceScope: gateway.deviceScope });
export const etag: pulumi.Output<string> = sensor.etag;
`,
	"tsconfig.json": JSON.stringify(TSCONFIG),
};

const writeJavaScript = (opening: string, closing: string): string => `${opening}
const gateway = new DeviceIdentity("gateway", { capabilities: { iotEdge: true } });
const sensor = new DeviceIdentity("sensor", { status: "disabled", statusReason: "spare", deviceScope: gateway.deviceScope });
${closing}
`;

/** TypeScript without module settings. */
export const TYPESCRIPT: Layout = {
	title: "TypeScript in the layout of `pulumi new typescript`",
	files: TYPESCRIPT_FILES,
	manifest: { main: "index.ts" },
	tools: { "@types/node": "^20", typescript: "^5.9.0" },
};

/** TypeScript that Pulumi compiles to ES modules; the program needs its own ts-node. */
export const TYPESCRIPT_MODULE: Layout = {
	title: "TypeScript as an ES module",
	files: TYPESCRIPT_FILES,
	manifest: { main: "index.ts", type: "module" },
	tools: { "@types/node": "^20", "ts-node": "^10.9.2", typescript: "^5.9.0" },
};

/** An ES module. */
export const MODULE: Layout = {
	title: "an ES module",
	files: {
		"index.js": writeJavaScript(
			`import { DeviceIdentity } from "pulumi-device-identity";`,
			"export const etag = sensor.etag;",
		),
	},
	manifest: { main: "index.js", type: "module" },
};

/** CommonJS. */
export const JAVASCRIPT_PROGRAM: Layout = {
	title: "plain JavaScript",
	files: {
		"index.js": writeJavaScript(
			`const { DeviceIdentity } = require("pulumi-device-identity");`,
			"exports.etag = sensor.etag;",
		),
	},
	manifest: { main: "index.js" },
};

/** Returns the files of a program and its project. */
export function createProgramFiles(
	{ files, manifest }: Layout,
	dependencies: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
	return {
		...files,
		"package.json": JSON.stringify({ name: "layout", ...manifest, dependencies }),
		"Pulumi.yaml": "name: layout\nruntime: nodejs\n",
	};
}

const REPOSITORY = resolve(__dirname, "..", "..");

/**
 * Writes a program to a folder outside the repository, with links to this package and its dependencies.
 *
 * @param files the program's files by name; `Pulumi.yaml` is added
 * @returns the folder, which the caller must remove
 */
export async function writeProgram(files: Readonly<Record<string, string>>): Promise<string> {
	const root = await mkdtemp(join(tmpdir(), "layout-"));
	const modules = join(root, "node_modules");
	await mkdir(modules);
	for (const name of await readdir(join(REPOSITORY, "node_modules"))) {
		if (!name.startsWith(".")) await symlink(join(REPOSITORY, "node_modules", name), join(modules, name));
	}
	await symlink(REPOSITORY, join(modules, "pulumi-device-identity"));
	const all = { ...files, "Pulumi.yaml": "name: layout\nruntime: nodejs\n" };
	for (const [name, text] of Object.entries(all)) await writeFile(join(root, name), text);
	return root;
}
