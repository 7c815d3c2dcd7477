import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic } from "./diagnostics.ts";

/** An error with all problems of a file. Pulumi prints only its message, which lists the first 20. */
export abstract class FileError<Fault extends Diagnostic> extends pulumi.RunError {
	/** The path of the file, as given by the program. */
	readonly path: string;
	/** All problems, in the file's order. */
	readonly faults: readonly Fault[];

	protected constructor(message: string, { path, faults }: { path: string; faults: readonly Fault[] }) {
		super(message);
		this.path = path;
		this.faults = faults;
	}
}
