/** Something that somebody else does at the service. */
export type Outside =
	/** Sets one thing to a value; an empty text takes it away. */
	| { readonly what: "change"; readonly knob: string; readonly value: string }
	/** Writes the object as it is. */
	| { readonly what: "rewrite" }
	/** What a live object does all day. */
	| { readonly what: "live" }
	| { readonly what: "remove" }
	| { readonly what: "recreate" }
	/** Makes the object where there is none. */
	| { readonly what: "make" };

/** How one request of an operation comes to grief. */
export interface Mishap {
	/**
	 * The process dies before or after the request is carried out; the request or its answer is lost; a gateway answers in
	 * the service's place, after the request was carried out.
	 */
	readonly kind: "dies before" | "dies after" | "request lost" | "answer lost" | "gateway error";
	/** Which request of the operation, counted from 1. */
	readonly at: number;
}

/** One step of a history. */
export type Step =
	/** The program declares a value from now on; undefined leaves it out. */
	| { readonly do: "declare"; readonly knob: string; readonly value?: string | undefined }
	| { readonly do: "onDrift"; readonly policy: "reconcile" | "fail" }
	/** A plan that is thrown away. */
	| { readonly do: "preview" }
	| {
			readonly do: "up";
			/** Refreshes in the same process first, as `pulumi up --refresh` does. */
			readonly refresh?: boolean | undefined;
			readonly adopt?: boolean | undefined;
			/** What somebody does between the plan and its application. */
			readonly between?: Outside | undefined;
			readonly mishap?: Mishap | undefined;
	  }
	| { readonly do: "refresh"; readonly mishap?: Mishap | undefined }
	| { readonly do: "destroy"; readonly mishap?: Mishap | undefined }
	| { readonly do: "outside"; readonly outside: Outside }
	/** An hour passes. */
	| { readonly do: "wait" };

/** What a program declares, by knob. */
export type Program = Readonly<Record<string, string | undefined>>;

/** A program, and what happens to it and to its object. */
export interface History {
	readonly program: Program;
	readonly steps: readonly Step[];
}

/** A history as a person reads it, a step a line. */
export function told({ program, steps }: History): string {
	const lines = steps.map((step, at) => `  ${at + 1}. ${stepTold(step)}`);
	return [`  0. the program declares ${JSON.stringify(program)}`, ...lines].join("\n");
}

function stepTold(step: Step): string {
	switch (step.do) {
		case "declare":
			return `the program ${step.value === undefined ? `leaves out ${step.knob}` : `declares ${step.knob} = "${step.value}"`}`;
		case "onDrift":
			return `the program sets onDrift to ${step.policy}`;
		case "outside":
			return `somebody ${outsideTold(step.outside)}`;
		case "wait":
			return "an hour passes";
		case "preview":
			return "preview";
		case "up":
			return [
				`up${step.refresh ? " --refresh" : ""}${step.adopt ? ", adopting" : ""}`,
				...(step.between ? [`after the plan somebody ${outsideTold(step.between)}`] : []),
				...mishapTold(step.mishap),
			].join("; ");
		default:
			return [step.do, ...mishapTold(step.mishap)].join("; ");
	}
}

function outsideTold(outside: Outside): string {
	return outside.what === "change" ? `changes ${outside.knob} to "${outside.value}"` : `${outside.what}s it`;
}

function mishapTold(mishap: Mishap | undefined): string[] {
	return mishap === undefined ? [] : [`request ${mishap.at}: ${mishap.kind}`];
}
