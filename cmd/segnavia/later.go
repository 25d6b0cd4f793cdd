package main

type (
	importCmd  struct{ laterCmd }
	loadgenCmd struct{ laterCmd }
	demoCmd    struct{ laterCmd }
)
