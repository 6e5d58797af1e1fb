// Run by Rhino: validates each file named, in one process, and prints the reports, each after the file's name.
for each (var file in arguments) {
    var validator = new org.mustangproject.validator.ZUGFeRDValidator();
    validator.disableNotices(); // of XRechnung, a stricter profile that nothing claims to be of
    java.lang.System.out.println("FILE " + file);
    java.lang.System.out.println(validator.validate(file));
}
