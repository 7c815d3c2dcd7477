/** A Node.js and a Pulumi SDK to run on. */
export interface Combination {
	/** A version or range of Node.js. */
	readonly node: string;
	/** A version or range of `@pulumi/pulumi`. */
	readonly pulumi: string;
}

/**
 * The combinations that matter: the oldest of both that are promised, what is developed with on the Node.js of most users, and
 * the newest of both; and the newest Node.js with the oldest SDK, for old stacks run on new machines.
 */
export function listCombinations(promised: {
	readonly node: string;
	readonly pulumi: string;
	readonly developed: string;
}): readonly Combination[] {
	const oldest = { node: parseLeastVersion(promised.node), pulumi: parseLeastVersion(promised.pulumi) };
	return [
		oldest,
		{ node: "22", pulumi: promised.developed },
		{ node: "24", pulumi: oldest.pulumi },
		{ node: "24", pulumi: "latest" },
	];
}

/** The least version of a range that begins with it: ">=3.150.0 <4". */
function parseLeastVersion(range: string): string {
	const [, version] = /^>=(\d+\.\d+\.\d+)/.exec(range) ?? [];
	if (version === undefined) throw new TypeError(`"${range}" does not begin with the least version`);
	return version;
}
